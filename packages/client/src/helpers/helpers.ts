import { checkOptions, isReadable } from "@imcloud/options";
import type { Customer, CustomerCreate, OrderDetails } from "@imcloud/spec";
import { toJson } from "../core/calls/body.ts";
import { copyQuery } from "../core/calls/check-query.ts";
import { MarketplaceError } from "../core/errors/errors.ts";
import type { Middleware } from "../core/pipeline.ts";
import type { RequestOptions } from "../core/request-options.ts";
import type { Fetch } from "../core/transport/fetch.ts";
import type { Resources } from "../generated/resources.ts";
import type { RetryPolicy } from "../middleware/retry.ts";
import {
  CREATE_ONCE_RULES,
  type CreateOnceCall,
  type CreateOnceOptions,
  createOnce,
  earlierDoubt,
} from "./create-once/create-once.ts";
import { Journal } from "./create-once/journal.ts";
import type { OutboxTask } from "./create-once/outbox.ts";
import { canonical, Search, type SearchMemory } from "./create-once/reconcile.ts";
import type { SearchTarget } from "./create-once/search-targets.ts";
import { customerTarget, orderTarget } from "./create-once/search-targets.ts";
import { isRecognizable } from "./create-once/text-match.ts";
import { details } from "./details.ts";
import { createDownload } from "./download.ts";
import { due } from "./due.ts";
import { findOrCreate } from "./find-or-create.ts";
import { changeSeats, SeatJournal, type SeatParts } from "./seats.ts";
import type { Helpers, ReportHelpers, ResourcesWithHelpers } from "./types.ts";
import { WAIT_RULES, waitForOrder, waitForReport } from "./wait.ts";

/** Refuses a key by which the write could not be found again. */
function checkKey(operation: string, name: string, value: unknown): void {
  if (typeof value === "string" && isRecognizable(value)) return;
  throw new TypeError(
    `${operation} needs ${name} to be a string that is not empty and has a letter or a digit, to find the thing again by.`,
  );
}

/** A copy of the body, as the caller may change the original before it is sent. */
const snapshot = <Body extends object>(operation: string, body: Body): Body => JSON.parse(toJson(operation, body));

/** The options of a helper that are passed on to its calls. */
function requestOptions({
  settleTimeout: _,
  maxAttempts: __,
  outbox: ___,
  ...options
}: CreateOnceOptions): RequestOptions {
  return options;
}

/** How one kind of resource is created and searched for. */
interface OnceParts<Row extends { id?: unknown }, Thing extends { id?: unknown }> {
  create(options: CreateOnceOptions): PromiseLike<Thing>;
  target: SearchTarget<Row, Thing>;
  journal: Journal<Thing>;
}

/** Creates a resource once, through an outbox if there is one. */
async function once<Row extends { id?: unknown }, Thing extends { id?: unknown }>(
  call: CreateOnceCall & { body: object; account: string },
  options: CreateOnceOptions,
  { create, target, journal }: OnceParts<Row, Thing>,
): Promise<Thing> {
  checkOptions(CREATE_ONCE_RULES, options, "createOnce");
  const { account, operation, body } = call;
  const { scope, text, get } = target;
  const run = (followed: CreateOnceOptions, memory?: SearchMemory) =>
    createOnce(async () => create(followed), new Search(target, journal, followed, memory), call, followed);
  if (!options.outbox) return run(options);
  const task: OutboxTask<Thing> = {
    key: { account, operation, scope, text },
    body,
    content: canonical(target.body),
    create: ({ signal, earlier, beforeSend, siblings }) =>
      run(
        { ...options, signal },
        {
          earlier: earlier && { entry: earlier, doubt: earlierDoubt(call, earlier) },
          beforeSend: (sent) => beforeSend({ body, ...sent }),
          siblings,
        },
      ),
    get: async (id) => get(id, requestOptions(options)),
    isOpen: () => journal.isOpen(scope, text),
  };
  return options.outbox.createOnce(task, options);
}

/** The helper checks its options itself. */
const signalOf = (options: { signal?: AbortSignal | undefined } | null): RequestOptions => ({
  signal: options?.signal,
});

/** What helpers need besides the resources. */
export interface HelperParts {
  /** The account, by which an outbox separates the orders and customers of one client from those of another. */
  account: string;
  baseUrl: string;
  allowInsecure: boolean | undefined;
  fetch: Fetch;
  policy: RetryPolicy;
  /** The client's, in milliseconds. */
  timeout: number;
  /** Middleware that observes each attempt of downloads, which do not pass through the client's pipeline. */
  observers: Middleware[];
  journals: Journals;
}

/** Remembers what was created. Clients of the same account share it. */
export interface Journals {
  orders: Journal<OrderDetails>;
  customers: Journal<Customer>;
  seats: SeatJournal;
}

export const createJournals = (): Journals => ({
  orders: new Journal(),
  customers: new Journal(),
  seats: new SeatJournal(),
});

/** Creates the helpers of a client: tasks that take more than one call. */
function createHelpers({ customers, orders, subscriptions, reports }: Resources, parts: HelperParts): Helpers {
  const { journals, account } = parts;
  const wait: ReportHelpers["wait"] = (id, options) => waitForReport(reports.get, id, options);
  const placeOnce: SeatParts["placeOnce"] = async (given, options = {}, advice) => {
    checkKey("orders.createOnce", "poNumber", given?.poNumber);
    const body = snapshot("orders_create", given);
    const { customerId }: { customerId: unknown } = body;
    checkKey("orders.createOnce", "customerId", typeof customerId === "number" ? String(customerId) : customerId);
    const call = { account, operation: "orders_create", path: "/orders", body, advice };
    const target = orderTarget(orders, body);
    const create = (followed: CreateOnceOptions) => orders.create(body, requestOptions(followed));
    return once(call, options, { create, target, journal: journals.orders });
  };
  /** @param isAnyBody whether one that was created with another body is the same */
  const createCustomer = async (
    given: CustomerCreate & { externalId: string },
    options: CreateOnceOptions = {},
    isAnyBody = false,
  ) => {
    checkKey("customers.createOnce", "externalId", given?.externalId);
    const body = snapshot("customers_create", given);
    const call = { account, operation: "customers_create", path: "/customers", body };
    const target = { ...customerTarget(customers, body), isAnyBody };
    const create = (followed: CreateOnceOptions) => customers.create(body, requestOptions(followed));
    return once(call, options, { create, target, journal: journals.customers });
  };
  const helpers: Helpers = {
    customers: {
      async findOrCreate(body, options = {}) {
        checkOptions(CREATE_ONCE_RULES, options, "findOrCreate");
        checkKey("customers.findOrCreate", "externalId", body?.externalId);
        const own = snapshot("customers_create", body);
        const list = (query: { externalId: string }) => customers.list(query, requestOptions(options));
        const get = (id: string) => customers.get(id, requestOptions(options));
        return findOrCreate(list, get, () => createCustomer(own, options, true), own);
      },
      createOnce: (body, options) => createCustomer(body, options),
    },
    orders: {
      createOnce: (body, options) => placeOnce(body, options),
      details: (query, options = {}) => details(orders.list(query, signalOf(options)), orders.get, options),
      wait: (id, options) => waitForOrder(orders.get, id, options),
    },
    subscriptions: {
      details: (query, options = {}) =>
        details(subscriptions.list(query, signalOf(options)), subscriptions.get, options),
      changeSeats(id, target, options) {
        const { get } = subscriptions;
        const { wait } = helpers.orders;
        const isOpen: SeatParts["isOpen"] = ({ customerId, poNumber }) => journals.orders.isOpen(customerId, poNumber);
        return changeSeats({ account, get, wait, placeOnce, isOpen, journal: journals.seats }, id, target, options);
      },
      due: (query, options) =>
        due((rows) => subscriptions.list(rows, options), isReadable(query) ? copyQuery(query) : query),
    },
    reports: {
      download: createDownload({ ...parts, get: reports.get }),
      wait,
      async run(body, options = {}) {
        checkOptions(WAIT_RULES, options, "run");
        const report = await reports.create(body, signalOf(options));
        if (report?.id) return wait(String(report.id), options);
        throw new MarketplaceError("The response to reports_create does not say which report was created.");
      },
    },
  };
  return helpers;
}

/** Adds the helpers to the resources. */
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
