import { createClient, IncompleteListError, UnknownOutcomeError } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { operationsOf } from "@imcloud/openapi-tools/document";
import openapi from "@imcloud/spec/openapi.json" with { type: "json" };
import {
  dehydrate,
  hashKey,
  hydrate,
  InfiniteQueryObserver,
  MutationObserver,
  QueryClient,
  QueryObserver,
  skipToken,
} from "@tanstack/query-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as query from "./index.ts";
import { allRows, customers, orders, reports, resellers, subscriptions, token, validation } from "./index.ts";

const sandbox = createSandbox({ speed: 0 });
const connect = (options = {}) =>
  createClient({ ...sandbox.connection, rateLimit: false, retry: { minDelay: 0, maxDelay: 0 }, ...options });

let imcloud = connect();
let queryClient: QueryClient;
beforeEach(async () => {
  await sandbox.reset();
  imcloud = connect();
  queryClient = new QueryClient();
  queryClient.mount();
});
afterEach(() => {
  queryClient.clear();
  queryClient.unmount();
});

/** Operations that reached the API, sign-ins left out. */
const sent = () => sandbox.requests().flatMap(({ operation }) => (operation === "token_create" ? [] : [operation]));

/** The sale of the document's examples, under a number that no order has yet. */
const sale = { ...openapi.components.examples.SalesOrderCreate.value, type: "sales" as const, poNumber: "PO-77" };

/** Runs a mutation as a hook does. */
const mutate = <Data, Variables>(
  options: query.OperationMutationOptions<Data, Variables>,
  variables: Variables,
  more: { retry?: number } = {},
): Promise<Data> => new MutationObserver(queryClient, { ...options, ...more }).mutate(variables);

describe("every operation", () => {
  const document = openapi as unknown as Parameters<typeof operationsOf>[0];

  test.each(operationsOf(document))(
    "$id has options of the kind that it is",
    ({ resource, name, method, operation }) => {
      const made = (query as unknown as Record<string, Record<string, object>>)[resource]?.[name];
      expect(made).toMatchObject({ key: ["imcloud", resource, name] });
      const isRead = method === "get" || (operation["x-imcloud-safe"] && !operation.security);
      expect("queryOptions" in Object(made)).toBe(Boolean(isRead));
      expect("mutationOptions" in Object(made)).toBe(method !== "get");
    },
  );
});

describe("queryOptions", () => {
  test("fetches by the client, and keeps a page as plain data", async () => {
    const page = await queryClient.fetchQuery(customers.list.queryOptions(imcloud, { name: "Brightwater" }));
    expect(page.data.map(({ id }) => id)).toEqual(["1002101"]);
    expect(Object.getOwnPropertyNames(page)).toEqual(["data", "pagination"]);
    expect(sent()).toEqual(["customers_list"]);
  });

  test("has one key for what is sent alike, and keys of all above it", () => {
    expect(customers.list.queryKey({ name: "Lindmark" })).toEqual([
      "imcloud",
      "customers",
      "list",
      { name: "Lindmark" },
    ]);
    expect(customers.list.queryKey()).toEqual(customers.list.queryKey({ name: undefined }));
    const from = "2026-09-01T00:00:00.000Z";
    expect(orders.list.queryKey({ creationTimeFrom: new Date(from) })).toEqual(
      orders.list.queryKey({ creationTimeFrom: from }),
    );
    expect(resellers.listOrders.queryKey("1000101", { status: "error" })).toEqual([
      ...resellers.listOrders.key,
      "1000101",
      { status: "error" },
    ]);
    expect(customers.get.queryOptions(imcloud, "1002101").queryKey).toEqual(customers.get.queryKey("1002101"));
    expect(hashKey(orders.list.queryKey({ limit: 5, status: "error" }))).toBe(
      hashKey(orders.list.queryKey({ status: "error", offset: undefined, limit: 5 })),
    );
  });

  const circular: Record<string, unknown> = { name: "Lindmark" };
  circular.self = [circular];

  test.each<[what: string, query: unknown]>([
    ["one that holds itself", circular],
    ["a bigint", { limit: 5n }],
    ["a function", { limit: () => 5 }],
    ["a Map", new Map([["limit", 5]])],
    ["URLSearchParams", new URLSearchParams("limit=5")],
    ["a date that is none", { creationTimeFrom: new Date("soon") }],
    ["null", null],
  ])("fails with the client's error for a query that it refuses, by a key of its own: %s", async (_, query) => {
    const client = new QueryClient();
    client.setQueryData(orders.list.queryKey(), { data: [] } as never);
    const options = orders.list.queryOptions(imcloud, query as never);
    expect(hashKey(options.queryKey)).not.toBe(hashKey(orders.list.queryKey()));
    await expect(client.fetchQuery({ ...options, staleTime: Number.POSITIVE_INFINITY })).rejects.toThrow(TypeError);
  });

  test("keeps two accounts apart in one QueryClient, by a scope", async () => {
    const other = createSandbox({ speed: 0, fixtures: {} });
    const [se, no] = [{ scope: "se" }, { scope: "no" }];
    const clientOfOther = createClient({ ...other.connection, rateLimit: false });
    const ours = await queryClient.fetchQuery(customers.list.queryOptions(imcloud, undefined, se));
    const theirs = await queryClient.fetchQuery(customers.list.queryOptions(clientOfOther, undefined, no));
    expect([ours.data.length, theirs.data.length]).toEqual([2, 0]);
    expect(customers.list.queryKey(undefined, se)).toEqual(["imcloud:se", "customers", "list", {}]);
    expect(customers.get.queryKey("7", se)).toEqual(["imcloud:se", "customers", "get", "7"]);
    expect(customers.list.infiniteQueryKey({}, se)).toEqual([...customers.list.queryKey({}, se), "infinite"]);
    expect(customers.get.queryOptions(imcloud, skipToken, se).queryKey).toEqual(
      query.scopedKey(customers.get.key, "se"),
    );

    const update = customers.update.mutationOptions(imcloud, se);
    expect(update.mutationKey).toEqual(["imcloud:se", "customers", "update"]);
    await new MutationObserver(queryClient, update).mutate({ id: "1002101", body: { name: "Brightwater AB" } });
    const isInvalidated = (scope: query.ScopeOptions) =>
      queryClient.getQueryState(customers.list.queryKey(undefined, scope))?.isInvalidated;
    expect([isInvalidated(se), isInvalidated(no)]).toEqual([true, false]);
    await customers.update.invalidate(queryClient, no);
    expect(isInvalidated(no)).toBe(true);
    queryClient.removeQueries({ queryKey: ["imcloud:no"] });
    expect(queryClient.getQueryCache().getAll()).toHaveLength(1);
  });

  test.each<[run: () => unknown, sentence: string]>([
    [() => orders.list.queryOptions(undefined as never), "orders.list needs a client of createClient; got undefined."],
    [() => customers.get.queryOptions({} as never, "1"), "customers.get needs a client of createClient; got object."],
    [() => orders.list.infiniteQueryOptions(null as never), "orders.list needs a client of createClient; got null."],
    [() => orders.create.mutationOptions(5 as never), "orders.create needs a client of createClient; got number."],
    [
      () => customers.get.queryOptions(imcloud, "1", 5 as never),
      "The options of a query must be an object; got number.",
    ],
    [
      () => orders.create.mutationOptions(imcloud, null as never),
      "The options of orders.create must be an object; got null.",
    ],
    [() => orders.create.invalidate({} as never), "orders.create.invalidate needs a QueryClient."],
    [
      () => customers.update.mutationOptions(imcloud).mutationFn(null as never),
      "The body of customers_update must be an object",
    ],
    [() => subscriptions.changeSeats.mutationOptions(imcloud).mutationFn(null as never), "changeSeats needs"],
    [() => query.allRows(undefined as never), "allRows needs the data of an infinite query: { pages }."],
    [() => query.scopedKey(undefined as never, "se"), "scopedKey needs the key of an operation"],
    [() => query.scopedKey(orders.list.key, 5 as never), "The scope of a key must be a string."],
  ])("says what it needs: %s", async (run, sentence) => {
    const refusal = Promise.resolve().then(run);
    await expect(refusal).rejects.toThrow(TypeError);
    await expect(refusal).rejects.toThrow(sentence);
  });

  test("does nothing for what is not known yet, and has the key above all of its data", () => {
    const options = customers.get.queryOptions(imcloud, skipToken);
    expect(options.queryFn).toBe(skipToken);
    expect(options.queryKey).toEqual(customers.get.key);
    const observer = new QueryObserver(queryClient, options);
    const leave = observer.subscribe(() => {});
    expect(observer.getCurrentResult()).toMatchObject({ status: "pending", fetchStatus: "idle" });
    leave();
    expect(sent()).toEqual([]);
  });

  test("aborts the call when nobody needs it any more", async () => {
    let aborted: AbortSignal | undefined;
    const waiting = connect({
      fetch: async (request: Request) => {
        if (request.url.endsWith("/token")) return sandbox.fetch(request);
        aborted = request.signal;
        return new Promise((_, reject) => {
          request.signal.addEventListener("abort", () => reject(request.signal.reason));
        });
      },
    });
    const observer = new QueryObserver(queryClient, orders.get.queryOptions(waiting, "900301"));
    const leave = observer.subscribe(() => {});
    await expect.poll(() => aborted).toBeDefined();
    leave();
    expect(aborted?.aborted).toBe(true);
  });

  test("adds no retries to the client's", async () => {
    sandbox.faults.add({ kind: "gatewayTimeout", operation: "orders_get", count: 100 });
    const trying = connect({ retry: { limit: 2, minDelay: 0, maxDelay: 0 } });
    await expect(
      new Promise((resolve) => {
        const observer = new QueryObserver(queryClient, orders.get.queryOptions(trying, "900301"));
        observer.subscribe(({ error }) => error && resolve((error as { status?: number }).status));
      }),
    ).resolves.toBe(504);
    expect(sent()).toHaveLength(3);
  });

  test("takes the options of a call", async () => {
    await queryClient.fetchQuery(orders.get.queryOptions(imcloud, "900301", { headers: { "x-trace": "desk" } }));
    expect(sandbox.requests().at(-1)?.headers).toMatchObject({ "x-trace": "desk" });
  });

  test("prices an order and checks parameters as reads, as they change nothing", async () => {
    const estimate = await queryClient.fetchQuery(orders.estimate.queryOptions(imcloud, sale));
    expect(estimate.products?.length).toBe(1);
    await queryClient.fetchQuery(orders.estimate.queryOptions(imcloud, { ...sale }));
    expect(queryClient.getQueryCache().getAll()).toHaveLength(1);
    const { type, customerId, products } = sale;
    const checked = await queryClient.fetchQuery(
      validation.parameters.queryOptions(imcloud, { type, customerId, products }),
    );
    expect(checked.data?.[0]).toMatchObject({ id: "500201" });
  });

  test("gives what is due", async () => {
    const due = await queryClient.fetchQuery(subscriptions.due.queryOptions(imcloud, { within: 1e11 }));
    expect(due.length).toBeGreaterThan(0);
    expect(subscriptions.due.queryKey({ within: 5 })).toEqual(["imcloud", "subscriptions", "due", { within: 5 }]);
  });
});

describe("infiniteQueryOptions", () => {
  const many = createSandbox({ speed: 0, size: "medium" });
  const connected = createClient({ ...many.connection, rateLimit: false });
  const calls = () => many.requests({ operation: "customers_list" }).length;

  test("asks for a page at a time, to a proved end, with every row once", async () => {
    const total = (await connected.customers.list({ limit: 1 })).pagination.total;
    const before = calls();
    const limit = Math.ceil(total / 3);
    const observer = new InfiniteQueryObserver(queryClient, {
      ...customers.list.infiniteQueryOptions(connected, { limit }),
    });
    const leave = observer.subscribe(() => {});
    while (observer.getCurrentResult().hasNextPage || !observer.getCurrentResult().data) await observer.fetchNextPage();
    const { data } = observer.getCurrentResult();
    leave();
    expect(data?.pages.map((page) => page.data.length)).toEqual([limit, limit, total - 2 * limit]);
    expect(data && new Set(allRows(data).map(({ id }) => id)).size).toBe(total);
    expect(calls() - before).toBe(3);
  });

  test("goes on after it was stored as JSON and read again", async () => {
    const options = customers.list.infiniteQueryOptions(connected, { limit: 5 });
    await queryClient.fetchInfiniteQuery(options);
    const stored = JSON.parse(JSON.stringify(dehydrate(queryClient)));
    const other = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
    hydrate(other, stored);
    const observer = new InfiniteQueryObserver(other, options);
    const leave = observer.subscribe(() => {});
    await observer.fetchNextPage();
    const { data } = observer.getCurrentResult();
    leave();
    expect(data && allRows(data)).toHaveLength(10);
    other.clear();
  });

  test("fails as the client's loop does where pages come again", async () => {
    const broken = connect({
      fetch: async (request: Request) =>
        request.url.endsWith("/token")
          ? sandbox.fetch(request)
          : Response.json({ data: [{ id: "1" }, { id: "2" }], pagination: { offset: 0, limit: 2, total: 9 } }),
    });
    const options = customers.list.infiniteQueryOptions(broken, { limit: 2 });
    const failure = await queryClient.fetchInfiniteQuery({ ...options, pages: 3 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(IncompleteListError);
  });

  test("reads several states one after the other", async () => {
    const status = ["completed", "processing"] as const;
    const options = orders.list.infiniteQueryOptions(imcloud, { status, limit: 1 });
    const data = await queryClient.fetchInfiniteQuery({ ...options, pages: 9 });
    expect(allRows(data).map(({ id }) => id)).toEqual(
      (await imcloud.orders.list({ status }).toArray()).map(({ id }) => id),
    );
  });

  test("stands below the key of the same list, and does nothing with skipToken", () => {
    expect(customers.list.infiniteQueryKey({ limit: 5 })).toEqual([
      ...customers.list.queryKey({ limit: 5 }),
      "infinite",
    ]);
    expect(customers.list.infiniteQueryOptions(imcloud, skipToken).queryFn).toBe(skipToken);
  });
});

describe("mutationOptions", () => {
  /** The operations that are fetched again because something else changed. */
  async function refetchedBy(run: () => Promise<unknown>) {
    const observed = [
      customers.list.queryOptions(imcloud),
      customers.get.queryOptions(imcloud, "1002101"),
      orders.list.queryOptions(imcloud),
      subscriptions.list.queryOptions(imcloud),
      resellers.list.queryOptions(imcloud),
    ].map((options) => new QueryObserver(queryClient, options as never).subscribe(() => {}));
    await expect.poll(() => queryClient.isFetching()).toBe(0);
    const before = sent().length;
    await run().catch(() => {});
    await expect.poll(() => queryClient.isFetching()).toBe(0);
    for (const leave of observed) leave();
    return [...new Set(sent().slice(before))].filter((id) => /list$|get$/.test(String(id))).sort();
  }

  test("updates a customer, and fetches again what shows customers and nothing else", async () => {
    const update = () =>
      mutate(customers.update.mutationOptions(imcloud), { id: "1002101", body: { externalId: "EXT-9" } });
    expect(await refetchedBy(update)).toEqual(["customers_get", "customers_list"]);
    expect((await imcloud.customers.get("1002101")).externalId).toBe("EXT-9");
  });

  test("fetches nothing again after a refusal", async () => {
    const update = () => mutate(customers.update.mutationOptions(imcloud), { id: "999", body: { externalId: "E" } });
    expect(await refetchedBy(update)).toEqual([]);
  });

  test("invalidates what the document says that a write affects", () => {
    const names = (keys: readonly query.OperationKey[]) => keys.map(([, resource, name]) => `${resource}.${name}`);
    // The document may get more operations that show orders and subscriptions, and none that a sale leaves as they are.
    const shown = ["orders.list", "orders.get", "subscriptions.list", "subscriptions.get", "subscriptions.due"];
    for (const write of [orders.create, orders.update, subscriptions.changeSeats]) {
      expect(names(write.invalidates)).toEqual(expect.arrayContaining(["resellers.listOrders", ...shown]));
      expect(names(write.invalidates)).not.toContain("customers.get");
      expect(names(write.invalidates)).not.toContain("products.list");
    }
    expect(names(resellers.createCustomer.invalidates)).toContain("customers.list");
    expect(names(subscriptions.updateSpecialPricing.invalidates)).toContain("subscriptions.get");
    expect(names(subscriptions.updateSpecialPricing.invalidates)).not.toContain("orders.list");
    expect(orders.estimate.invalidates).toEqual([]);
  });

  test("calls the caller's own callback, and still invalidates", async () => {
    let placed: string | undefined;
    await queryClient.fetchQuery(orders.list.queryOptions(imcloud));
    const options = {
      ...orders.create.mutationOptions(imcloud),
      onSuccess: ({ id }: { id: string }) => {
        placed = id;
      },
    };
    await new MutationObserver(queryClient, options).mutate(sale);
    expect(placed).toBeDefined();
    expect(queryClient.getQueryState(orders.list.queryKey())?.isInvalidated).toBe(true);
  });

  test("changes seats by a total, and runs a report to its end", async () => {
    const running = createSandbox({ speed: 10_000 });
    const client = createClient({ ...running.connection, rateLimit: false });
    const change = await mutate(subscriptions.changeSeats.mutationOptions(client), { id: "700401", to: 35 });
    expect(change).toMatchObject({ from: 30, to: 35, order: { status: "completed" } });
    const states: unknown[] = [];
    const options = reports.run.mutationOptions(client, { onState: ({ status }) => void states.push(status) });
    const report = await mutate(options, {
      name: "Every Invoice - Full View",
      format: "csv",
      startDate: "2026-10-01T00:00:00Z",
      endDate: "2026-10-31T23:59:59Z",
    });
    expect(report.status).toBe("completed");
    expect(states.at(-1)).toBe("completed");
  });

  test("keeps no password after a sign-in", async () => {
    const { username, password, marketplace } = sandbox.credentials;
    const basic = { headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` } };
    const options = token.create.mutationOptions(imcloud, basic);
    expect(options.gcTime).toBe(0);
    const observer = new MutationObserver(queryClient, options);
    expect((await observer.mutate({ marketplace })).token).toBeTypeOf("string");
    observer.reset();
    await expect.poll(() => queryClient.getMutationCache().getAll()).toEqual([]);
  });
});

describe("orders.create.mutationOptions", () => {
  const placed = async () => {
    const all = await Array.fromAsync(imcloud.orders.details({ customerId: "1002101" }));
    return all.filter(({ poNumber }) => poNumber === sale.poNumber);
  };

  test("finds the order whose response was lost, and places no second one", async () => {
    sandbox.faults.add({ kind: "gatewayTimeout", operation: "orders_create", count: 1 });
    const order = await mutate(orders.create.mutationOptions(imcloud, { settleTimeout: 0 }), sale);
    expect(order.poNumber).toBe(sale.poNumber);
    expect(await placed()).toHaveLength(1);
  });

  test("tried again by TanStack Query after an unknown outcome, it still places one", async () => {
    // The order is made and its response is lost; the search for it fails, so that nobody knows.
    sandbox.faults.add({ kind: "gatewayTimeout", operation: "orders_create", count: 1 });
    const options = orders.create.mutationOptions(connect({ retry: false }), { settleTimeout: 0 });
    let looks = 0;
    sandbox.override("orders_list", async (_call, next) => {
      looks += 1;
      // The first look is before it is sent.
      return looks === 2 ? Response.json({ message: "Down" }, { status: 503 }) : next();
    });
    const errors: unknown[] = [];
    const order = await new MutationObserver(queryClient, {
      ...options,
      retry: (_count, error) => errors.push(error) < 3,
      retryDelay: 0,
    }).mutate(sale);
    expect(errors).toEqual([expect.any(UnknownOutcomeError)]);
    expect(order.poNumber).toBe(sale.poNumber);
    expect(sent().filter((id) => id === "orders_create")).toHaveLength(1);
    expect(await placed()).toHaveLength(1);
  });
});
