import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import sirv from "sirv";
import { mockScript } from "./console.ts";

/** Serves built docs. Their console sends its calls to the mock at `mockUrl`. */
export function docsServer(folder: string, mockUrl: string): Server {
  const serveFile = sirv(folder, { etag: true, extensions: ["html"] });
  const missing = readFileSync(join(folder, "404.html"));
  return createServer((request, response) => {
    if (request.url === "/console/mock.js") {
      response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(mockScript(mockUrl));
      return;
    }
    serveFile(request, response, () => {
      response.writeHead(404, { "content-type": "text/html; charset=utf-8" }).end(missing);
    });
  });
}
