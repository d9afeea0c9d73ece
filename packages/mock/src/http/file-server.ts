import { createServer, type Server } from "node:http";
import type { SignedLinks } from "../core/reports/links.ts";
import { serveFile } from "../core/reports/serve.ts";
import type { Store } from "../core/store/store.ts";
import { incomingRequest } from "./read-request.ts";
import { writeResponse } from "./write-response.ts";

/** The host of the reports' files: another origin than the API, which takes signed links and no header of the API. */
export function createFileServer(store: Store, links: SignedLinks): Server {
  return createServer((request, response) => {
    request.resume();
    serveFile(incomingRequest(request), store, links).then(
      (file) => writeResponse(response, file),
      () => response.destroy(),
    );
  });
}
