import type { IHttpResponse } from "@stoplight/prism-http";
import { right } from "fp-ts/lib/Either.js";
import type { Call } from "../api/call.ts";
import { handlers } from "../api/handlers.ts";
import { Refusal } from "../rules/refusal.ts";
import { applicationError, asPrismAnswer, json } from "../server/answers.ts";
import { idOf } from "./document.ts";
import type { Mocker } from "./stateless.ts";

/** The body that some work gives, as a success; a Refusal of it as the API's error. */
export function answerOf(path: string, work: () => unknown): IHttpResponse {
  try {
    return asPrismAnswer(json(200, work()));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return asPrismAnswer(applicationError(error.status, error.message, path));
  }
}

/** Answers from a world, which a call changes before it is answered. */
export const createStatefulMocker =
  (callOf: (request: Parameters<Mocker>[0]["input"]["data"]) => Call): Mocker =>
  ({ resource, input }) =>
  () => {
    const { data } = input;
    const handler = handlers[idOf(resource)];
    if (!handler) throw new Error(`No handler answers ${idOf(resource)}.`);
    return right(answerOf(data.url.path, () => handler(callOf(data))));
  };
