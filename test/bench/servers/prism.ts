import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
import { createServer } from "@stoplight/prism-http-server";
import { paths } from "../../../scripts/paths.ts";

/** Stock Prism as its command line starts it, with static responses and without logs. Prints the base URL. */
const ignore = () => {};
const levels = ["fatal", "error", "warn", "info", "debug", "trace", "success"];
const logger: Record<string, unknown> = Object.fromEntries(levels.map((level) => [level, ignore]));
logger.child = () => logger;

const operations = await getHttpOperationsFromSpec(
  JSON.parse(await readFile(join(paths.spec, "openapi.json"), "utf8")),
);
const server = createServer(operations, {
  cors: true,
  config: {
    ...{ isProxy: false, checkSecurity: true, validateRequest: true, validateResponse: true, errors: false },
    upstreamProxy: undefined,
    mock: { dynamic: false },
  },
  components: { logger: logger as never },
});
console.log(await server.listen(0, "127.0.0.1"));
