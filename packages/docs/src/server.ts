import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
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
  /** Other folders of files, by the path that they are served below, for example `/example`. */
  mounts?: Readonly<Record<string, string>>;
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
 * @throws {@link Error} with the code `EADDRINUSE` when the port is taken
 */
export async function startDocsServer({
  folder,
  mockUrl,
  port,
  mounts = {},
  host = "127.0.0.1",
}: DocsServerOptions): Promise<DocsServer> {
  const missing = readFileSync(join(folder, "404.html"));
  const serveFile = createStaticFiles(folder, missing);
  const mounted = Object.entries(mounts).map(([path, files]) => ({ path, serve: createStaticFiles(files, missing) }));

  /** Serves a file of a mounted folder; `false` for every other request. */
  function serveMounted(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = "/" } = request;
    const mount = mounted.find(({ path }) => url.startsWith(path) && /^[/?]?$/.test(url.charAt(path.length)));
    if (!mount) return false;
    const rest = url.slice(mount.path.length);
    // Without the slash, its files' addresses would be beside it.
    if (!rest.startsWith("/")) {
      response.writeHead(308, { location: `${mount.path}/${rest}` }).end();
      return true;
    }
    request.url = rest;
    mount.serve(request, response);
    return true;
  }

  const script = mockScript(mockUrl, true);
  function serve(request: IncomingMessage, response: ServerResponse): void {
    if (handleControl(request, response, mockUrl) || serveMounted(request, response)) return;
    if (request.url !== "/console/mock.js") return void serveFile(request, response);
    response.writeHead(200, { "content-type": "text/javascript; charset=utf-8", "x-content-type-options": "nosniff" });
    response.end(script);
  }
  const server = createServer((request, response) => {
    try {
      serve(request, response);
    } catch (error) {
      console.error(`${request.method} ${JSON.stringify(request.url)} failed: ${(error as Error).message}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
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
