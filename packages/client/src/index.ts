export type * from "@imcloud/spec";
export type { ApiPromise, WithResponse } from "./api-promise.ts";
export type { RequestOptions } from "./call.ts";
export { createClient, type ImcloudClient } from "./client.ts";
export { endpoints } from "./endpoints.ts";
export {
  ApiError,
  type ApiErrorDetails,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  ConnectionError,
  GatewayError,
  MarketplaceError,
  NotFoundError,
  PermissionError,
  QuotaExceededError,
  RateLimitError,
  ServerError,
  TimeoutError,
  UnprocessableError,
} from "./errors.ts";
export type * from "./generated/resources.ts";
export type { Http, HttpAnswer, HttpMethod } from "./http.ts";
export type { ClientOptions } from "./options.ts";
export type { Page, PagePromise } from "./pages.ts";
export type { GenericRequest, GenericRequestOptions } from "./request.ts";
export type { Credentials } from "./sign-in.ts";
