import type {
  Customer,
  CustomerCreate,
  OrderCreate,
  OrderDetails,
  Report,
  ReportCreate,
  SubscriptionDetails,
} from "@imcloud/spec";
import type {
  CustomersResource,
  OrdersListQuery,
  OrdersResource,
  ReportsResource,
  Resources,
  SubscriptionsListQuery,
  SubscriptionsResource,
} from "../generated/resources.ts";
import { onceLoaded } from "../once-loaded.ts";
import type { DetailsOptions } from "./details.ts";
import type { Download, DownloadOptions } from "./download.ts";
import type { OnceOptions } from "./once.ts";
import type { WaitOptions } from "./wait.ts";

/** What customers can do beyond the operations of the API. */
export interface CustomerJobs {
  /**
   * Creates a customer once, whatever the network does. When the answer is lost, looks for a customer with its `externalId`, and
   * sends it again only when there is none.
   * @throws UnknownOutcomeError when it cannot be found out; TypeError without `externalId`; as `create` does
   */
  createOnce(body: CustomerCreate & { externalId: string }, options?: OnceOptions): Promise<Customer>;
}

/** What orders can do beyond the operations of the API. */
export interface OrderJobs {
  /**
   * Places an order once, whatever the network does. When the answer is lost, looks for an order of the same customer, type and
   * `poNumber` that was placed since, waits for it to appear, and sends it again only when it is absent.
   * @throws UnknownOutcomeError when it cannot be found out; TypeError without `poNumber`; as `create` does
   */
  createOnce(body: OrderCreate & { poNumber: string }, options?: OnceOptions): Promise<OrderDetails>;
  /**
   * Lists orders and gets each, several at a time inside the rate limit, in the list's order.
   * @throws DetailsError at the end of the loop, with the ids that could not be read, unless `onFailure` takes them
   */
  details(query?: OrdersListQuery, options?: DetailsOptions): AsyncIterable<OrderDetails>;
  /**
   * Looks at an order, less and less often, until it is completed.
   * @throws OrderFailedError when it ends as `error` or `cancelled`; TimeoutError
   */
  wait(id: string, options?: WaitOptions<OrderDetails>): Promise<OrderDetails>;
}

/** What subscriptions can do beyond the operations of the API. */
export interface SubscriptionJobs {
  /** Lists subscriptions and gets each, as {@link OrderJobs.details} does. */
  details(query?: SubscriptionsListQuery, options?: DetailsOptions): AsyncIterable<SubscriptionDetails>;
}

/** What reports can do beyond the operations of the API. */
export interface ReportJobs {
  /**
   * Opens a report's file. The signed link is on another host, which gets none of the API's headers; a link that has ended is asked
   * for again. The link is a secret, and in no error.
   * @param report a completed report, or its id
   * @throws an {@link ApiError} when the host refuses; MarketplaceError when there is no file; ConnectionError; TimeoutError
   */
  download(report: Report | string, options?: DownloadOptions): Promise<Download>;
  /**
   * Schedules a report and waits until it is completed.
   * @throws ReportFailedError when it ends as `error`; TimeoutError; as `create` does
   */
  run(body: ReportCreate, options?: WaitOptions<Report>): Promise<Report>;
  /**
   * Looks at a report, less and less often, until it is completed.
   * @throws ReportFailedError when it ends as `error`; TimeoutError
   */
  wait(id: string, options?: WaitOptions<Report>): Promise<Report>;
}

/** All jobs, by the resource that they are for. */
export interface Jobs {
  customers: CustomerJobs;
  orders: OrderJobs;
  subscriptions: SubscriptionJobs;
  reports: ReportJobs;
}

/** The resources of the API with their jobs. */
export interface ResourcesWithJobs extends Omit<Resources, keyof Jobs> {
  customers: CustomersResource & CustomerJobs;
  orders: OrdersResource & OrderJobs;
  subscriptions: SubscriptionsResource & SubscriptionJobs;
  reports: ReportsResource & ReportJobs;
}

/** Adds to the resources what takes more than one call. The code of the jobs is loaded when one is first asked for. */
export function withJobs(resources: Resources, create: () => Promise<Jobs>): ResourcesWithJobs {
  // Once for all: jobs that look for orders share what they have read.
  const load = onceLoaded(create);
  const later =
    <Input extends unknown[], Result>(job: (jobs: Jobs) => (...input: Input) => Promise<Result>) =>
    async (...input: Input): Promise<Result> =>
      job(await load())(...input);
  const rowsLater = <Input extends unknown[], Row>(job: (jobs: Jobs) => (...input: Input) => AsyncIterable<Row>) =>
    async function* (...input: Input): AsyncGenerator<Row, void, undefined> {
      yield* job(await load())(...input);
    };
  const { customers, orders, subscriptions, reports } = resources;
  return {
    ...resources,
    customers: { ...customers, createOnce: later((jobs) => jobs.customers.createOnce) },
    orders: {
      ...orders,
      createOnce: later((jobs) => jobs.orders.createOnce),
      details: rowsLater((jobs) => jobs.orders.details),
      wait: later((jobs) => jobs.orders.wait),
    },
    subscriptions: { ...subscriptions, details: rowsLater((jobs) => jobs.subscriptions.details) },
    reports: {
      ...reports,
      download: later((jobs) => jobs.reports.download),
      run: later((jobs) => jobs.reports.run),
      wait: later((jobs) => jobs.reports.wait),
    },
  };
}
