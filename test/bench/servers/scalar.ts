import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { createMockServer } from "@scalar/mock-server";
import { paths } from "../../../scripts/paths.ts";

/** Scalar's mock server with the document. Prints its base URL. */
const app = await createMockServer({ document: await readFile(join(paths.spec, "openapi.json"), "utf8") });
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => console.log(`http://127.0.0.1:${port}`));
