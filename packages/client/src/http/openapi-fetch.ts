import type { paths } from "@imcloud/spec";
import openApiFetch, {
  type ClientOptions,
  type MaybeOptionalInit,
  type Middleware,
  type ParseAsResponse,
} from "openapi-fetch";

type Success = 200 | 201 | 202 | 204;
type Responses<Operation> = Operation extends { responses: infer All } ? All : never;
type Body<Response> = Response extends { content: infer Contents } ? Contents[keyof Contents] : undefined;
type SuccessBody<All> = Body<All[keyof All & Success]>;
type ErrorBody<All> = Body<All[Exclude<keyof All, Success>]>;

/** The HTTP methods that openapi-fetch has, in lower case as the document has them. */
type Verb = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";

/** The paths that have a method. */
type PathWith<Method extends Verb> = {
  [Path in keyof paths]: paths[Path] extends Record<Method, object> ? Path : never;
}[keyof paths];

/** The methods that the document has. */
type DocumentedVerb = { [Method in Verb]: PathWith<Method> extends never ? never : Method }[Verb];

/** What openapi-fetch gives: `data` for a success, `error` for any other status, and always the response. */
export type HttpResponse<Operation, Init> =
  | { data: ParseAsResponse<SuccessBody<Responses<Operation>>, Init>; error?: never; response: Response }
  | { data?: never; error: ErrorBody<Responses<Operation>>; response: Response };

/**
 * A method of openapi-fetch. Declared here, because openapi-fetch's own responses go through a mapped type that makes objects
 * of open enums: `"active" | (string & {})` would not be a string any more.
 */
export type HttpMethod<Method extends Verb> = <
  Path extends PathWith<Method>,
  Init extends MaybeOptionalInit<paths[Path], Method>,
>(
  path: Path,
  ...init: undefined extends Init ? [(Init & { [key: string]: unknown })?] : [Init & { [key: string]: unknown }]
) => Promise<HttpResponse<paths[Path][Method], Init>>;

/** The API as openapi-fetch gives it: methods by path, which never throw on a status. Each method that the document has. */
export type Http = { [Method in DocumentedVerb as Uppercase<Method>]: HttpMethod<Method> } & {
  /** Adds middlewares, which see each request and response. */
  use(...middleware: Middleware[]): void;
  /** Takes middlewares away again. */
  eject(...middleware: Middleware[]): void;
};

/** openapi-fetch by the types above. */
export const createOpenApiFetch = openApiFetch as unknown as (options: ClientOptions) => Http;
