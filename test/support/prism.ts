import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { getHttpOperationsFromSpec, type IHttpConfig } from "@stoplight/prism-http";
import { createServer } from "@stoplight/prism-http-server";

/** The path of the `prism` command, by the manifest of `@stoplight/prism-cli`. */
function prismCommand(): string {
  const manifest = createRequire(import.meta.url).resolve("@stoplight/prism-cli/package.json");
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.prism);
}

/** A running stock Prism. */
export interface Prism {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts `prism mock` for a file on a free port, as a team would. With `--errors`, an invalid response is an error.
 * @throws {@link Error} with its output, when it ends before it listens
 */
export async function startPrism(file: string): Promise<Prism> {
  const child = spawn(process.execPath, [prismCommand(), "mock", file, "--port", "0", "--errors"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    const [, url] = /Prism is listening on (\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    // Unread output would block it once the pipe is full.
    child.stdout.resume();
    return {
      url,
      async close() {
        const exit = once(child, "exit");
        child.kill();
        await exit;
      },
    };
  }
  throw new Error(`prism mock ended before it listened.\n${printed.join("\n")}`);
}

const ignore = () => {};
const silent: Record<string, unknown> = Object.fromEntries(
  ["fatal", "error", "warn", "info", "debug", "trace", "success"].map((level) => [level, ignore]),
);
silent.child = () => silent;

/** What Prism logs to, so that it logs nothing. */
export const prismLogger = silent as unknown as Parameters<typeof createServer>[1]["components"]["logger"];

const CONFIG: IHttpConfig = {
  ...{ isProxy: false, checkSecurity: true, validateRequest: true, validateResponse: true, errors: true },
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

/**
 * Serves a file in this process as `prism mock --errors` does: it is the same server, without the time that a process takes to start, and to
 * print each request.
 */
export async function servePrism(file: string): Promise<Prism> {
  const operations = await getHttpOperationsFromSpec(file);
  const server = createServer(operations, { cors: true, config: CONFIG, components: { logger: prismLogger } });
  return { url: await server.listen(0, "127.0.0.1"), close: () => server.close() };
}
