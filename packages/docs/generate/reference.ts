import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { redocly } from "@imcloud/openapi-tools/redocly";
import { bar } from "./bar.ts";
import { paths } from "./paths.ts";

/** Redocly's own images, the one thing in its page that comes from another host. */
const REMOTE_LOGO = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g;

/** A link of the menu, which Redocly draws beforehand as if each page had a path of its own. */
const MENU_LINK = /(<a [^>]*)href="\/(?=[^"]*" data-discover)/g;

const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 16" height="16"><text y="12" font-family="sans-serif" font-size="12" fill="#767676">Redocly</text></svg>',
)}`;

/** Nothing on the page may come from, or go to, another host. `file:` is for a page that is opened from a folder. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' file: 'unsafe-inline' 'unsafe-eval' blob:",
  "worker-src blob:",
  "style-src 'self' file: 'unsafe-inline'",
  "img-src 'self' file: data:",
  "font-src data:",
  "connect-src 'self'",
].join("; ");

/** Renders the reference as one page that needs no network. */
export async function reference(annotated: Document, output: string): Promise<void> {
  const source = join(output, "reference-source.json");
  const page = join(output, "reference.html");
  await writeFile(source, JSON.stringify(annotated));
  await redocly(
    "build-docs",
    source,
    "--inlineBundle",
    "--config",
    paths.redoclyConfig,
    "--template",
    join(paths.package, "reference.hbs"),
    `--templateOptions.policy=${POLICY}`,
    `--templateOptions.bar=${bar("reference.html")}`,
    "--output",
    page,
  );
  await rm(source);
  const built = await readFile(page, "utf8");
  if (!REMOTE_LOGO.test(built) || !MENU_LINK.test(built)) {
    throw new Error("Redocly's page has changed: look at what packages/docs/generate/reference.ts does to it.");
  }
  await writeFile(page, built.replace(REMOTE_LOGO, LOGO).replace(MENU_LINK, '$1href="#/'));
}
