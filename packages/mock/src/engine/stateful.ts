import { right } from "fp-ts/lib/Either.js";
import type { Call } from "../api/call.ts";
import { handlers } from "../api/handlers.ts";
import { Refusal } from "../rules/refusal.ts";
import { applicationError, asPrismAnswer, json } from "../server/answers.ts";
import { idOf } from "./document.ts";
import type { Mocker } from "./stateless.ts";

/** Answers from a world, which a call changes before it is answered. */
export const createStatefulMocker =
  (callOf: (request: Parameters<Mocker>[0]["input"]["data"]) => Call): Mocker =>
  ({ resource, input }) =>
  () => {
    const { data } = input;
    const handler = handlers[idOf(resource)];
    if (!handler) throw new Error(`No handler answers ${idOf(resource)}.`);
    try {
      return right(asPrismAnswer(json(200, handler(callOf(data)))));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return right(asPrismAnswer(applicationError(error.status, error.message, data.url.path)));
    }
  };
