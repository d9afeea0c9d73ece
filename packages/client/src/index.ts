export type { Auth, Credentials, OAuth2, TokenProvider } from "./auth/auth.ts";
export type { StoredToken, TokenStore } from "./auth/token-store.ts";
export { createClient, type ImcloudClient } from "./client.ts";
export type { ApiPromise, WithResponse } from "./core/calls/api-promise.ts";
export type { GenericRequest, GenericRequestOptions } from "./core/calls/generic-request.ts";
export * from "./core/errors/errors.ts";
export type { ListCursor } from "./core/lists/list-reader.ts";
export type { Page } from "./core/lists/page.ts";
export type { ListPage, PagePromise, PagesOptions, ToArrayOptions } from "./core/lists/pages.ts";
export type { ListProgress, OnListProgress } from "./core/lists/progress.ts";
export { distinctRows } from "./core/lists/seen-rows.ts";
export * as money from "./core/money.ts";
export type {
  BufferedResponse,
  CallDetails,
  CallState,
  Handler,
  Middleware,
  PipelineRequest,
} from "./core/pipeline.ts";
export type { RequestOptions, RetryOptions } from "./core/request-options.ts";
export type { CustomFetch, CustomFetchInit, CustomFetchResponse } from "./core/transport/fetch.ts";
export { endpoints } from "./endpoints.ts";
export type * from "./generated/public-types.ts";
export type { CreateOnceOptions } from "./helpers/create-once/create-once.ts";
export type {
  KeptPlan,
  Outbox,
  OutboxEntry,
  OutboxKey,
  OutboxRun,
  OutboxSibling,
  OutboxTask,
  OutboxWait,
} from "./helpers/create-once/outbox.ts";
export type { DetailsOptions } from "./helpers/details.ts";
export type { AsyncDisposal, Download, DownloadOptions, Progress } from "./helpers/download.ts";
export { type DueQuery, type DueSubscription, days } from "./helpers/due.ts";
export type { ChangeSeatsOptions, SeatChange, SeatTarget } from "./helpers/seats.ts";
export type { CustomerHelpers, OrderHelpers, ReportHelpers, SubscriptionHelpers } from "./helpers/types.ts";
export type { WaitOptions } from "./helpers/wait.ts";
export type { Http, HttpMethod, HttpResponse } from "./http/openapi-fetch.ts";
export {
  type AcquireRequest,
  createRateLimiter,
  type Permit,
  type RateLimiter,
  type RateLimitOptions,
} from "./middleware/rate-limiter.ts";
export type { UseOptions } from "./middleware/user-middleware.ts";
export type { Validator } from "./middleware/validation.ts";
export type { Wait } from "./middleware/wait-notice.ts";
export type { Logger, LogLevel } from "./observers/logging.ts";
export type { Meter } from "./observers/metrics.ts";
export type { ObserverOptions } from "./observers/observers.ts";
export type { Span, SpanOptions, Tracer } from "./observers/tracing.ts";
export type { ClientOptionChanges, ClientOptions, ProxiedClientOptions } from "./options/client-options.ts";
export type { ConnectionOptions } from "./options/connection.ts";
export { createProxy, type ProxyOptions } from "./proxy/proxy.ts";
