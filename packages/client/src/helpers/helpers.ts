import type { Fetch } from "../core/fetch.ts";
import type { Middleware } from "../core/pipeline.ts";
import type { RequestOptions } from "../core/request-options.ts";
import type { Resources } from "../generated/resources.ts";
import type { RetryPolicy } from "../middleware/retry.ts";
import { type CreateOnceOptions, createOnce } from "./create-once.ts";
import { details } from "./details.ts";
import { createDownload } from "./download.ts";
import { customerFinder, orderFinder, PoNumberCache } from "./reconcile.ts";
import type { Helpers, ReportHelpers, ResourcesWithHelpers } from "./types.ts";
import { waitForOrder, waitForReport } from "./wait.ts";

function checkKey(operation: string, name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new TypeError(`${operation} needs ${name} to be a string that is not empty, to know the thing again by.`);
}

/** The options of a helper that its call takes too. */
function requestOptions({ settleTimeout: _, maxAttempts: __, ...options }: CreateOnceOptions): RequestOptions {
  return options;
}

const signalOf = ({ signal }: { signal?: AbortSignal | undefined }): RequestOptions => ({ signal });

/** What helpers need besides the resources. */
export interface HelperParts {
  fetch: Fetch;
  policy: RetryPolicy;
  /** The client's, in milliseconds. */
  timeout: number;
  /** What is shown each attempt of what is sent past the client's own pipeline. */
  observers: Middleware[];
}

/** What takes more than one call, made of the calls of a client. */
function createHelpers({ customers, orders, subscriptions, reports }: Resources, parts: HelperParts): Helpers {
  const poNumbers = new PoNumberCache();
  const wait: ReportHelpers["wait"] = (id, options) => waitForReport(reports.get, id, options);
  return {
    customers: {
      async createOnce(body, options = {}) {
        checkKey("customers.createOnce", "externalId", body.externalId);
        const create = () => customers.create(body, requestOptions(options));
        return createOnce(create, () => customerFinder(customers, body, options), options);
      },
    },
    orders: {
      async createOnce(body, options = {}) {
        checkKey("orders.createOnce", "poNumber", body.poNumber);
        const create = async () => poNumbers.remember(await orders.create(body, requestOptions(options)));
        return createOnce(create, (sentAt) => orderFinder(orders, poNumbers, body, sentAt, options), options);
      },
      details: (query, options = {}) => details(orders.list(query, signalOf(options)), orders.get, options),
      wait: (id, options) => waitForOrder(orders.get, id, options),
    },
    subscriptions: {
      details: (query, options = {}) =>
        details(subscriptions.list(query, signalOf(options)), subscriptions.get, options),
    },
    reports: {
      download: createDownload({ ...parts, get: reports.get }),
      wait,
      run: async (body, options = {}) => wait((await reports.create(body, signalOf(options))).id, options),
    },
  };
}

/** Adds to the resources what takes more than one call. */
export function withHelpers(resources: Resources, parts: HelperParts): ResourcesWithHelpers {
  const helpers = createHelpers(resources, parts);
  return {
    ...resources,
    customers: { ...resources.customers, ...helpers.customers },
    orders: { ...resources.orders, ...helpers.orders },
    subscriptions: { ...resources.subscriptions, ...helpers.subscriptions },
    reports: { ...resources.reports, ...helpers.reports },
  };
}
