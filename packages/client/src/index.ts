export type * from "@imcloud/spec";
export type { Auth, Credentials, OAuth2, OwnToken } from "./auth/auth.ts";
export type { StoredToken, TokenStore } from "./auth/token.ts";
export type { ApiPromise, WithResponse } from "./calls/api-promise.ts";
export type { RequestOptions } from "./calls/call.ts";
export type { Page, PagePromise } from "./calls/pages.ts";
export type { GenericRequest, GenericRequestOptions } from "./calls/request.ts";
export { createClient, type ImcloudClient } from "./client.ts";
export { endpoints } from "./endpoints.ts";
export type { CallDetails } from "./errors/api-error.ts";
export * from "./errors/errors.ts";
export type * from "./generated/resources.ts";
export type { Http, HttpAnswer, HttpMethod } from "./http/openapi-fetch.ts";
export { createHttp } from "./http/signed-in.ts";
export type { DetailsOptions } from "./jobs/details.ts";
export type { Download, DownloadOptions, Progress } from "./jobs/download.ts";
export type { CustomerJobs, OrderJobs, ReportJobs, SubscriptionJobs } from "./jobs/jobs.ts";
export type { OnceOptions } from "./jobs/once.ts";
export type { WaitOptions } from "./jobs/wait.ts";
export type { Logger, LogLevel } from "./observe/log.ts";
export type { Span, Tracer } from "./observe/tracing.ts";
export type { ClientOptions, ConnectionOptions } from "./options.ts";
export {
  createRateLimiter,
  type Permit,
  type RateLimiter,
  type RateLimitOptions,
  type Turn,
} from "./pipeline/rate-limit.ts";
export type { RetryOptions } from "./pipeline/retry.ts";
