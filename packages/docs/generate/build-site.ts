import { once } from "node:events";
import "@astrojs/starlight";
import { build } from "astro";

// Whoever has started this says when the pages are written, or has gone.
process.once("disconnect", () => process.exit());
await once(process, "message");
// Astro's cache of Markdown is left out, as it outlives a change of how Markdown is drawn.
await build({ logLevel: "silent", force: true });
process.exit();
