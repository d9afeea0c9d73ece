import { endpoints } from "@imcloud/client";
import type { RequestHandler } from "msw";
import { setupServer } from "msw/node";
import type { Calls } from "./calls.ts";

/** Calls to a server of the document that MSW's handlers get in its place. What they do not know fails. */
export const interceptWith =
  (handlers: RequestHandler[], calls: Calls): Calls =>
  (connection) => {
    setupServer(...handlers).listen({ onUnhandledRequest: "error" });
    return calls({ ...connection, baseUrl: endpoints.eu });
  };
