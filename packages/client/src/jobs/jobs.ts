import type {
  Customer,
  CustomerCreate,
  OrderCreate,
  OrderDetails,
  Report,
  ReportCreate,
  SubscriptionDetails,
} from "@imcloud/spec";
import type { RequestOptions } from "../calls/call.ts";
import type {
  CustomersResource,
  OrdersListQuery,
  OrdersResource,
  ReportsResource,
  Resources,
  SubscriptionsListQuery,
  SubscriptionsResource,
} from "../generated/resources.ts";
import type { DetailsOptions } from "./details.ts";
import type { Download, DownloadOptions } from "./download.ts";
import type { OrderNumbers } from "./find.ts";
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

/** The resources of the API with their jobs. */
export interface ResourcesWithJobs extends Omit<Resources, "customers" | "orders" | "subscriptions" | "reports"> {
  customers: CustomersResource & CustomerJobs;
  orders: OrdersResource & OrderJobs;
  subscriptions: SubscriptionsResource & SubscriptionJobs;
  reports: ReportsResource & ReportJobs;
}

function checkKey(operation: string, name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new TypeError(`${operation} needs ${name} to be a string that is not empty, to know the thing again by.`);
}

/** The options of a job that its call takes too. */
function callOptions({ settle: _, attempts: __, ...options }: OnceOptions): RequestOptions {
  return options;
}

/** What a generator gives, once the code that makes it is loaded. */
async function* lazily<T>(load: () => Promise<AsyncIterable<T>>): AsyncGenerator<T, void, undefined> {
  yield* await load();
}

/** Adds to the resources what takes more than one call. The code of a job is loaded when it is first asked for. */
export function withJobs(
  resources: Resources,
  openDownload: (get: Resources["reports"]["get"]) => Promise<ReportJobs["download"]>,
): ResourcesWithJobs {
  const { customers, orders, subscriptions, reports } = resources;
  let numbers: OrderNumbers | undefined;
  const wait: ReportJobs["wait"] = async (id, options) => {
    const { waitForReport } = await import("./wait.ts");
    return waitForReport(reports.get, id, options);
  };
  return {
    ...resources,
    customers: {
      ...customers,
      async createOnce(body, options = {}) {
        checkKey("customers.createOnce", "externalId", body.externalId);
        const { customerFinder, once } = await import("./once.ts");
        const create = () => customers.create(body, callOptions(options));
        return once(create, () => customerFinder(customers, body, options), options);
      },
    },
    orders: {
      ...orders,
      async createOnce(body, options = {}) {
        checkKey("orders.createOnce", "poNumber", body.poNumber);
        const { OrderNumbers, once, orderFinder } = await import("./once.ts");
        numbers ??= new OrderNumbers();
        const known = numbers;
        const create = async () => known.remember(await orders.create(body, callOptions(options)));
        return once(create, (sentAt) => orderFinder(orders, known, body, sentAt, options), options);
      },
      details: (query, options = {}) =>
        lazily(async () => {
          const { details } = await import("./details.ts");
          return details(orders.list(query, signalOf(options)), orders.get, options);
        }),
      wait: async (id, options) => (await import("./wait.ts")).waitForOrder(orders.get, id, options),
    },
    subscriptions: {
      ...subscriptions,
      details: (query, options = {}) =>
        lazily(async () => {
          const { details } = await import("./details.ts");
          return details(subscriptions.list(query, signalOf(options)), subscriptions.get, options);
        }),
    },
    reports: {
      ...reports,
      download: async (report, options) => (await openDownload(reports.get))(report, options),
      wait,
      run: async (body, options = {}) => wait((await reports.create(body, signalOf(options))).id, options),
    },
  };
}

const signalOf = ({ signal }: { signal?: AbortSignal }): RequestOptions => (signal ? { signal } : {});
