import type { paths } from "@imcloud/spec";
import openApiFetch, {
  type Client,
  type ClientPathsWithMethod,
  type MaybeOptionalInit,
  type ParseAsResponse,
} from "openapi-fetch";
import { queryOf } from "../calls/url.ts";

type Success = 200 | 201 | 202 | 204;
type Responses<Operation> = Operation extends { responses: infer All } ? All : never;
type Body<Response> = Response extends { content: infer Contents } ? Contents[keyof Contents] : undefined;
type SuccessBody<All> = Body<All[keyof All & Success]>;
type ErrorBody<All> = Body<All[Exclude<keyof All, Success>]>;

/** What openapi-fetch answers with: `data` for a success, `error` for any other status, and always the response. */
export type HttpAnswer<Operation, Init> =
  | { data: ParseAsResponse<SuccessBody<Responses<Operation>>, Init>; error?: never; response: Response }
  | { data?: never; error: ErrorBody<Responses<Operation>>; response: Response };

/**
 * A method of openapi-fetch. Declared here, because openapi-fetch's own answers go through a mapped type that makes objects
 * of open enums: `"active" | (string & {})` would not be a string any more.
 */
export type HttpMethod<Method extends "get" | "post" | "patch"> = <
  Path extends ClientPathsWithMethod<Client<paths>, Method>,
  Init extends MaybeOptionalInit<paths[Path], Method>,
>(
  path: Path,
  ...init: undefined extends Init ? [(Init & { [key: string]: unknown })?] : [Init & { [key: string]: unknown }]
) => Promise<HttpAnswer<paths[Path][Method], Init>>;

/** The API as openapi-fetch gives it: methods by path, which never throw on a status. */
export interface Http extends Pick<Client<paths>, "use" | "eject"> {
  GET: HttpMethod<"get">;
  POST: HttpMethod<"post">;
  PATCH: HttpMethod<"patch">;
}

/** openapi-fetch that sends with `fetch`, which gets requests that are held while they are under way. */
export function createOpenApiFetch(baseUrl: string, fetch: (request: Request) => Promise<Response>): Http {
  // The platform's requests follow their caller's signal only while they are not garbage.
  const underWay = new Set<Request>();
  const http = openApiFetch<paths>({
    baseUrl,
    querySerializer: queryOf as (query: unknown) => string,
    // Another host would get the subscription key too; the API is not known to redirect.
    redirect: "manual",
    async fetch(request) {
      underWay.add(request);
      try {
        return await fetch(request);
      } finally {
        underWay.delete(request);
      }
    },
  });
  return http as unknown as Http;
}
