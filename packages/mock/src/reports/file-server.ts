import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { World } from "../world/world.ts";
import { endingOf, formats } from "./files.ts";
import type { SignedLinks } from "./links.ts";
import { rowsOf } from "./rows.ts";

/** Headers that are for the API alone. A client that sends one here gives a secret to another host. */
const API_HEADERS = ["authorization", "x-subscription-key", "x-client-id", "cookie"];

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${sentence}\n`);
}

async function serve(request: IncomingMessage, response: ServerResponse, world: World, links: SignedLinks) {
  const target = request.url ?? "/";
  if (request.method !== "GET" && request.method !== "HEAD") return say(response, 405, "Files are read with GET.");
  const strange = API_HEADERS.filter((name) => request.headers[name] !== undefined);
  if (strange.length) return say(response, 400, `This host is not the API; send it no ${strange.join(", ")}.`);
  if (!URL.canParse(target, "http://files.example")) return say(response, 404, "There is no such file.");
  const opened = links.open(new URL(target, "http://files.example"));
  if ("refusal" in opened) return say(response, 403, opened.refusal);
  const record = world.reports.get(opened.reportId);
  if (!record) return say(response, 404, "There is no such file.");
  const ending = endingOf(record.report.format);
  const format = formats[ending];
  if (!format) return say(response, 404, "There is no such file.");
  const file = await format.write(rowsOf(world, record.report));
  response.writeHead(200, {
    "content-type": format.contentType,
    "content-length": file.length,
    "content-disposition": `attachment; filename="${record.id}.${ending}"`,
  });
  response.end(request.method === "HEAD" ? undefined : file);
}

/** The host of the reports' files: another origin than the API, which takes signed links and no header of the API. */
export function createFileServer(world: World, links: SignedLinks): Server {
  return createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    request.resume();
    serve(request, response, world, links).catch((error: Error) => {
      if (!response.headersSent) say(response, 500, `The file could not be made: ${error.message}`);
      else response.destroy();
    });
  });
}
