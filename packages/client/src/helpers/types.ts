import type {
  Customer,
  CustomerCreate,
  OrderCreate,
  OrderDetails,
  Report,
  ReportCreate,
  SubscriptionDetails,
} from "@imcloud/spec";
import type { RequestOptions } from "../core/request-options.ts";
import type {
  CustomersResource,
  OrdersListQuery,
  OrdersResource,
  ReportsResource,
  Resources,
  SubscriptionsListQuery,
  SubscriptionsResource,
} from "../generated/resources.ts";
import type { CreateOnceOptions } from "./create-once/create-once.ts";
import type { DetailsOptions } from "./details.ts";
import type { Download, DownloadOptions } from "./download.ts";
import type { DueQuery, DueSubscription } from "./due.ts";
import type { ChangeSeatsOptions, SeatChange, SeatTarget } from "./seats.ts";
import type { WaitOptions } from "./wait.ts";

/** What customers can do beyond the operations of the API. */
export interface CustomerHelpers {
  /**
   * Creates a customer once, whatever the network does. When the response is lost, looks for a customer with its `externalId`, in any
   * form that a server may keep it in. Lists the newest customers before it sends. Called again, it looks again, and sends when there is none.
   * The same again, also at the same time, gives what was created by it.
   * @throws {@link UnknownOutcomeError} with the candidates, when it cannot be found out, and when none appears in `settleTimeout`
   * @throws {@link MarketplaceError} when this client has created another customer with that `externalId`
   * @throws {@link TypeError} without an `externalId` that could be found again
   * @throws {@link ApiError}, {@link ConnectionError} and {@link TimeoutError} as `create` does
   */
  createOnce(body: CustomerCreate & { externalId: string }, options?: CreateOnceOptions): Promise<Customer>;
  /**
   * Finds a customer by its `externalId`, and creates it once where there is none. One that is found is not changed.
   * @throws {@link MarketplaceError} when several customers have that `externalId`
   * @throws {@link UnknownOutcomeError} and all else that `list` and `createOnce` throw
   */
  findOrCreate(body: CustomerCreate & { externalId: string }, options?: CreateOnceOptions): Promise<Customer>;
}

/** What orders can do beyond the operations of the API. */
export interface OrderHelpers {
  /**
   * Places an order once, whatever the network and the clocks do. Lists the customer's newest orders before it sends. When the response
   * is lost, looks for a new one of the same type and `poNumber`, in any form that a server may keep it in, and waits for it to appear.
   * Called again, it looks again, and sends when there is none. The same again, also at the same time, gives the order that was placed by
   * it. Calls whose numbers could be taken for each other go one after the other.
   * @throws {@link UnknownOutcomeError} with the candidates, when it cannot be found out, and when none appears in `settleTimeout`
   * @throws {@link MarketplaceError} when this client has placed another order of that customer with that `poNumber`
   * @throws {@link TypeError} without a `customerId`, or a `poNumber` that could be found again
   * @throws {@link ApiError}, {@link ConnectionError} and {@link TimeoutError} as `create` does
   */
  createOnce(body: OrderCreate & { poNumber: string }, options?: CreateOnceOptions): Promise<OrderDetails>;
  /**
   * Lists orders and gets each, several at a time inside the rate limit, in the list's order.
   * @throws {@link DetailsError} at the end of the loop, with what could not be read, unless `onFailure` takes it
   */
  details(query?: OrdersListQuery, options?: DetailsOptions): AsyncIterable<OrderDetails>;
  /**
   * Polls an order, less and less often, until it is completed.
   * @throws {@link OrderFailedError} when it ends as `error` or `cancelled`
   * @throws {@link TimeoutError} when it is in no final state in time
   */
  wait(id: string, options?: WaitOptions<OrderDetails>): Promise<OrderDetails>;
}

/** What subscriptions can do beyond the operations of the API. */
export interface SubscriptionHelpers {
  /** Lists subscriptions and gets each, as {@link OrderHelpers.details} does. */
  details(query?: SubscriptionsListQuery, options?: DetailsOptions): AsyncIterable<SubscriptionDetails>;
  /**
   * Changes how many seats a subscription has: reads it, places one change order with the new total, and waits for the order. Changes of
   * one subscription go one after the other. Called again after an outcome that stayed unknown, or a wait that failed, it goes on with
   * the same change, and adds no seats twice.
   * @param target `{ to: 35 }` for a total, `{ by: 5 }` or `{ by: -5 }` for a difference
   * @throws {@link MarketplaceError} when it has several products and none is named, and when an earlier change to another total is open
   * @throws {@link TypeError} when the target is not a whole number, or below 0
   * @throws {@link UnknownOutcomeError}, {@link OrderFailedError} and all else that `orders.createOnce` and `orders.wait` throw
   */
  changeSeats(id: string, target: SeatTarget, options?: ChangeSeatsOptions): Promise<SeatChange>;
  /**
   * Yields the active subscriptions that renew or end within some time, the soonest first, from the rows of the list alone.
   * @throws {@link TypeError} when `within` is not a number of milliseconds
   * @throws {@link IncompleteListError} and all else that `list` throws
   */
  due(query: DueQuery, options?: RequestOptions): AsyncIterable<DueSubscription>;
}

/** What reports can do beyond the operations of the API. */
export interface ReportHelpers {
  /**
   * Opens a report's file. The signed link is on another host, which gets none of the API's headers. A link that has expired is asked
   * for again. The link is a secret, and in no error.
   * @param report a completed report, or its id
   * @throws {@link ApiError} when the host refuses
   * @throws {@link MarketplaceError} when there is no file
   * @throws {@link ConnectionError}, {@link TimeoutError}
   */
  download(report: Report | string, options?: DownloadOptions): Promise<Download>;
  /**
   * Schedules a report and waits until it is completed.
   * @throws {@link ReportFailedError} when it ends as `error`
   * @throws {@link TimeoutError} when it is in no final state in time
   * @throws {@link ApiError}, {@link ConnectionError} and {@link UnknownOutcomeError} as `create` does
   */
  run(body: ReportCreate, options?: WaitOptions<Report>): Promise<Report>;
  /**
   * Polls a report, less and less often, until it is completed.
   * @throws {@link ReportFailedError} when it ends as `error`
   * @throws {@link TimeoutError} when it is in no final state in time
   */
  wait(id: string, options?: WaitOptions<Report>): Promise<Report>;
}

/** All helpers, by the resource that they are for. */
export interface Helpers {
  customers: CustomerHelpers;
  orders: OrderHelpers;
  subscriptions: SubscriptionHelpers;
  reports: ReportHelpers;
}

/** The resources of the API with their helpers. */
export interface ResourcesWithHelpers extends Omit<Resources, keyof Helpers> {
  customers: CustomersResource & CustomerHelpers;
  orders: OrdersResource & OrderHelpers;
  subscriptions: SubscriptionsResource & SubscriptionHelpers;
  reports: ReportsResource & ReportHelpers;
}
