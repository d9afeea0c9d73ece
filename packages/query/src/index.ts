export * from "./generated/exports.ts";
export {
  type ChangeSeatsVariables,
  type ReportHelperOperations,
  reports,
  type SubscriptionHelperOperations,
  subscriptions,
} from "./helpers.ts";
export { type OperationKey, type ScopeOptions, type Skippable, scopedKey } from "./keys.ts";
export {
  allRows,
  type InfinitePages,
  type ListOperation,
  type OperationInfiniteQueryOptions,
  type PageData,
  type PageFetcher,
} from "./list-operation.ts";
export type { MutationOperation, OperationMutationOptions } from "./mutation-operation.ts";
export type { Fetcher, OperationQueryOptions, QueryOperation, QueryRequestOptions } from "./query-operation.ts";
