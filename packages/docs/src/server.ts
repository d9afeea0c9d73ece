import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { handleControl } from "./mock-control.ts";
import { mockScript } from "./mock-script.ts";
import { createStaticFiles } from "./static-files.ts";

export interface DocsServerOptions {
  /** The folder of the built site. */
  folder: string;
  /** Where the console sends its calls. */
  mockUrl: string;
  /** 0 for any that is free. */
  port: number;
  /** @defaultValue the loopback */
  host?: string;
}

/** Docs that are being served. */
export interface DocsServer {
  /** With a slash at its end. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves built docs.
 * @throws Error with the code `EADDRINUSE` when the port is taken
 */
export async function startDocsServer({
  folder,
  mockUrl,
  port,
  host = "127.0.0.1",
}: DocsServerOptions): Promise<DocsServer> {
  const serveFile = createStaticFiles(folder, readFileSync(join(folder, "404.html")));
  const script = mockScript(mockUrl, true);
  const server = createServer((request, response) => {
    if (handleControl(request, response, mockUrl)) return;
    if (request.url !== "/console/mock.js") return serveFile(request, response);
    response.writeHead(200, { "content-type": "text/javascript; charset=utf-8", "x-content-type-options": "nosniff" });
    response.end(script);
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = once(server, "close");
      server.close();
      // A browser keeps connections open.
      server.closeAllConnections();
      await closed;
    },
  };
}
