import { endpoints } from "@imcloud/client";
import type { RequestHandler } from "msw";
import { setupServer } from "msw/node";
import type { Calls } from "./calls.ts";

/** Calls that MSW's handlers intercept. An unhandled request fails. */
export const interceptWith =
  (handlers: RequestHandler[], calls: Calls): Calls =>
  (connection) => {
    setupServer(...handlers).listen({ onUnhandledRequest: "error" });
    return calls({ ...connection, baseUrl: endpoints.eu });
  };
