import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../core/api/api.ts";
import { incomingRequest } from "./read-request.ts";
import { writeResponse } from "./write-response.ts";

/** Serves the API of a mock by Node's server. */
export function createApiHandler(api: Api) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const outcome = await api(incomingRequest(request));
    if (!outcome.response) request.socket.destroy();
    else if (!response.destroyed) writeResponse(response, outcome.response, outcome.bodyFault);
  };
}
