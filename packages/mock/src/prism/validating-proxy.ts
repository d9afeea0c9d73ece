import { createInstance, type IHttpProxyConfig, type IHttpRequest, type IHttpResponse } from "@stoplight/prism-http";
import { isLeft, left, right } from "fp-ts/lib/Either.js";
import type { ApiRequest } from "../core/messages/request.ts";
import { prepare } from "./document.ts";
import { logger } from "./logger.ts";
import { toPrismRequest } from "./messages.ts";
import { validationComponents } from "./validation.ts";

/** Has a request performed, and tells what of it and of its response breaks the document. */
export type ValidatingProxy = (
  request: ApiRequest,
  perform: () => Promise<{ statusCode: number; headers: Record<string, string>; body: unknown }>,
) => Promise<string[]>;

/** Prism between a client and an API: it validates what somebody else takes there and back. */
export async function createValidatingProxy(target: string): Promise<ValidatingProxy> {
  const { operations } = await prepare();
  const performers = new WeakMap<IHttpRequest, Parameters<ValidatingProxy>[1]>();
  const config: IHttpProxyConfig = {
    ...{ isProxy: true, upstream: new URL(target), upstreamProxy: undefined, mock: { dynamic: false } },
    ...{ checkSecurity: true, validateRequest: true, validateResponse: true, errors: false },
  };
  const prism = createInstance(config, {
    logger,
    ...validationComponents(),
    forward:
      ({ data }) =>
      () =>
      async () => {
        try {
          return right((await performers.get(data)?.()) as IHttpResponse);
        } catch (error) {
          return left(error as Error);
        }
      },
  });
  return async (read, perform) => {
    const request = toPrismRequest(read);
    performers.set(request, perform);
    const result = await prism.request(request, operations, config)();
    if (isLeft(result)) throw result.left;
    const { input, output } = result.right.validations;
    return [...input, ...output].map(({ message }) => message);
  };
}
