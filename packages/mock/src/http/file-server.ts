import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extensionOf, formats } from "../core/reports/files.ts";
import type { SignedLinks } from "../core/reports/links.ts";
import { rowsOf } from "../core/reports/rows.ts";
import type { Store } from "../core/store/store.ts";

/** Headers that are for the API alone. A client that sends one here gives a secret to another host. */
const API_HEADERS = ["authorization", "x-subscription-key", "x-client-id", "cookie"];

function sendText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${sentence}\n`);
}

const sendNotFound = (response: ServerResponse) => sendText(response, 404, "There is no such file.");

async function serveFile(request: IncomingMessage, response: ServerResponse, store: Store, links: SignedLinks) {
  const target = request.url ?? "/";
  if (request.method !== "GET" && request.method !== "HEAD") return sendText(response, 405, "Files are read with GET.");
  const secrets = API_HEADERS.filter((name) => request.headers[name] !== undefined);
  if (secrets.length) return sendText(response, 400, `This host is not the API; send it no ${secrets.join(", ")}.`);
  if (!URL.canParse(target, "http://files.example")) return sendNotFound(response);
  const link = links.open(new URL(target, "http://files.example"));
  if ("error" in link) return sendText(response, 403, link.error);
  const record = store.reports.get(link.reportId);
  if (!record) return sendNotFound(response);
  const extension = extensionOf(record.report.format);
  const format = formats[extension];
  if (!format) return sendNotFound(response);
  const file = await format.write(rowsOf(store, record.report));
  response.writeHead(200, {
    "content-type": format.contentType,
    "content-length": file.length,
    "content-disposition": `attachment; filename="${record.id}.${extension}"`,
  });
  response.end(request.method === "HEAD" ? undefined : file);
}

/** The host of the reports' files: another origin than the API, which takes signed links and no header of the API. */
export function createFileServer(store: Store, links: SignedLinks): Server {
  return createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    request.resume();
    serveFile(request, response, store, links).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else sendText(response, 500, `The file could not be made: ${error.message}`);
    });
  });
}
