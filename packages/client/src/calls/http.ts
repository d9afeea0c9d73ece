import type { paths } from "@imcloud/spec";
import createOpenApiFetch, {
  type Client,
  type ClientPathsWithMethod,
  createFinalURL,
  createQuerySerializer,
  defaultPathSerializer,
  type MaybeOptionalInit,
  type ParseAsResponse,
} from "openapi-fetch";
import type { Send } from "../pipeline/send.ts";

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

const querySerializer = createQuerySerializer();

/** A URL as openapi-fetch writes it. */
export const urlOf = (path: string, baseUrl: string, values: object = {}, query: object = {}): string =>
  createFinalURL(path, {
    baseUrl,
    params: { path: values as Record<string, unknown>, query: query as Record<string, unknown> },
    querySerializer,
    pathSerializer: defaultPathSerializer,
  });

/** Statuses whose answers have no body. */
const BODILESS = [101, 204, 205, 304];

/** openapi-fetch on the pipeline. */
export function createHttp(baseUrl: string, send: Send): Http {
  // The platform's requests follow their caller's signal only while they are not garbage.
  const underWay = new Set<Request>();
  const openApiFetch = createOpenApiFetch<paths>({
    baseUrl,
    async fetch(request) {
      const { method, url, headers, signal } = request;
      const path = url.slice(baseUrl.length).replace(/\?.*/, "");
      underWay.add(request);
      try {
        const { response, text } = await send({
          operation: `${method} ${path}`,
          method,
          path,
          template: path,
          url,
          headers: new Headers(headers),
          body: request.body ? await request.text() : undefined,
          signal,
          isSafe: method === "GET",
          attempt: 0,
        });
        const { status, statusText } = response;
        // What a browser hides of a redirect has no status, and nothing else in it.
        if (!status) return response;
        return new Response(BODILESS.includes(status) ? null : text, { status, statusText, headers: response.headers });
      } finally {
        underWay.delete(request);
      }
    },
  });
  return openApiFetch as unknown as Http;
}
