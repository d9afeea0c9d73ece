import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type FileSource, serveFile } from "../core/reports/serve.ts";
import type { SignedLinks } from "../core/reports/signed-links.ts";
import type { Certificate } from "./certificate.ts";
import { makeServer } from "./listen.ts";
import { takeStoreName } from "./named-stores.ts";
import { incomingRequest } from "./read-request.ts";
import { requestListener } from "./request-listener.ts";
import { writeResponse } from "./write-response.ts";

/** Serves the files of one store's reports. */
export type FileHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves the files of a store's reports to requests with a signed link. */
export const createFileHandler =
  (source: FileSource, links: SignedLinks): FileHandler =>
  async (request, response) => {
    request.resume();
    writeResponse(response, await serveFile(incomingRequest(request), source, links));
  };

/**
 * The host of the reports' files: another origin than the API, which takes signed links and no header of the API.
 * @param handlerOf the handler of a store; that of the mock itself without a name
 */
export function createFileServer(
  handlerOf: (store: string | undefined) => FileHandler | Promise<FileHandler>,
  certificate?: Certificate,
): Server {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const handler = await handlerOf(takeStoreName(request));
    await handler(request, response);
  };
  return makeServer(requestListener(handle), certificate);
}
