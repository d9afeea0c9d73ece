import type { IHttpResponse } from "@stoplight/prism-http";
import { right } from "fp-ts/lib/Either.js";
import { DomainError } from "../core/domain/errors.ts";
import { applicationError, json } from "../core/messages/responses.ts";
import type { AnyCall } from "../core/operations/handler.ts";
import { performOperation } from "../core/operations/handlers.ts";
import { asPrismResponse } from "./messages.ts";
import { operationIdOf } from "./operation-id.ts";
import type { Mocker } from "./stateless.ts";

/** The body that some work gives, as a success; a {@link DomainError} of it as the API's error. */
export function responseOf(path: string, work: () => unknown): IHttpResponse {
  try {
    return asPrismResponse(json(200, work()));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return asPrismResponse(applicationError(error.status, error.message, path));
  }
}

/** Responds from a store, which a call changes before it is responded to. */
export const createStatefulMocker =
  (callOf: (request: Parameters<Mocker>[0]["input"]["data"]) => AnyCall): Mocker =>
  ({ resource, input }) =>
  () => {
    const { data } = input;
    return right(responseOf(data.url.path, () => performOperation(operationIdOf(resource), callOf(data))));
  };
