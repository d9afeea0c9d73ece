import type { paths } from "@imcloud/spec";
import openApiFetch, {
  defaultBodySerializer,
  type MaybeOptionalInit,
  type Middleware,
  type ParseAs,
  type ParseAsResponse,
} from "openapi-fetch";
import { toJson } from "../core/calls/body.ts";

type Success = 200 | 201 | 202 | 204;
type Responses<Operation> = Operation extends { responses: infer All } ? All : never;
type Body<Response> = Response extends { content: infer Contents } ? Contents[keyof Contents] : undefined;
type SuccessBody<All> = Body<All[keyof All & Success]>;
type ErrorBody<All> = Body<All[Exclude<keyof All, Success>]>;

/** The HTTP methods that a path of a document can have, in lower case. */
type Verb<Paths> = Exclude<keyof Paths[keyof Paths], "parameters">;

/** The paths that have a method. */
type PathWith<Method, Paths> = {
  [Path in keyof Paths]: Method extends keyof Paths[Path] ? (Paths[Path][Method] extends object ? Path : never) : never;
}[keyof Paths];

/** The operation of a path and a method. */
type OperationAt<Item, Method> = Method extends keyof Item ? Item[Method] : never;

/** The result of openapi-fetch: `data` for a success, `error` for any other status, and always the response. */
export type HttpResponse<Operation, Init> =
  | { data: ParseAsResponse<SuccessBody<Responses<Operation>>, Init>; error?: never; response: Response }
  | { data?: never; error: ErrorBody<Responses<Operation>>; response: Response };

/** The options of a call besides its path; may be left out when none is required. */
type InitAt<Item, Method> = MaybeOptionalInit<Item & object, Method & keyof Item>;

/** Options of the platform's `fetch` that no call has: the pipeline sends by options of its own. */
type Refused = { [Name in Exclude<keyof RequestInit, "body" | "headers" | "signal" | "duplex">]?: undefined };

/**
 * A method of openapi-fetch. Declared here, because openapi-fetch's own takes members that nobody knows, also misspelled ones in a body,
 * and its responses go through a mapped type that makes objects of open enums: `"active" | (string & {})` would not be a string.
 */
export type HttpMethod<Method extends Verb<Paths>, Paths = paths> = <
  Path extends PathWith<Method, Paths>,
  As extends ParseAs = "json",
>(
  path: Path,
  ...init: undefined extends InitAt<Paths[Path], Method>
    ? [(InitAt<Paths[Path], Method> & Refused & { parseAs?: As })?]
    : [InitAt<Paths[Path], Method> & Refused & { parseAs?: As }]
) => Promise<HttpResponse<OperationAt<Paths[Path], Method>, { parseAs: As }>>;

/**
 * The API in the style of openapi-fetch: HTTP methods that take a path and never throw on a status. It has every method of the document.
 * @typeParam Paths the `paths` type that openapi-typescript generates; by default this API's
 */
export type Http<Paths = paths> = {
  [Method in Verb<Paths> as PathWith<Method, Paths> extends never ? never : Uppercase<Method & string>]: HttpMethod<
    Method,
    Paths
  >;
} & {
  /** Adds middlewares, which run for each request and response. */
  use(...middleware: Middleware[]): void;
  /** Removes middlewares. */
  eject(...middleware: Middleware[]): void;
};

/** openapi-fetch passes the headers too, although its types do not say so. */
type Serializer = (body: unknown, headers: Headers) => unknown;

/** Serializes a body as openapi-fetch does, and refuses values that JSON would lose. */
const serializeBody: Serializer = (body, headers) => {
  const isForm = body instanceof FormData || headers.get("content-type") === "application/x-www-form-urlencoded";
  return isForm ? (defaultBodySerializer as Serializer)(body, headers) : toJson("a call by http", body);
};

/** openapi-fetch by the types above. */
export const createOpenApiFetch = (baseUrl: string): Http =>
  openApiFetch({ baseUrl, bodySerializer: serializeBody as never }) as unknown as Http;

export type { Middleware as HttpMiddleware, ParseAs } from "openapi-fetch";
