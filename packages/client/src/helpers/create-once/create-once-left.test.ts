import type { OrderCreate } from "@imcloud/spec";
import { expect, test } from "vitest";
import { apiOf, applicationError, failureOf, json } from "../../testing.ts";
import { validator } from "../../validate/validator.ts";

const order: OrderCreate & { poNumber: string } = {
  ...{ type: "sales", customerId: "1", poNumber: "T-1" },
  products: [{ id: "1", quantity: 1 }],
};

/** A marketplace that keeps what is placed; each order comes with these fields too. */
function marketplaceOf(more: object, options = {}) {
  const placed: { id: string }[] = [];
  const api = apiOf(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      placed.push({ ...(await request.json()), id: `${900 + placed.length}`, ...more });
      return json(placed.at(-1));
    }
    if (!pathname.endsWith("/orders")) return json(placed.find(({ id }) => pathname.endsWith(id)));
    return json({ data: placed, pagination: { offset: 0, limit: 100, total: placed.length } });
  }, options);
  return { ...api, placed };
}

test("an order whose response fails the validator is not placed again by the next call", async () => {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const { imcloud, placed } = marketplaceOf({ status: 5 }, { validate: validator({ onDifference: "throw" }), logger });
  const once = () => failureOf(imcloud.orders.createOnce(order, { settleTimeout: 0 }));
  expect(await once()).toMatchObject({ name: "ValidationError", body: { id: "900" } });
  expect(await once()).toMatchObject({ name: "UnknownOutcomeError" });
  expect(placed).toHaveLength(1);
});

test("an order whose middleware fails after it has left is found by the next call", async () => {
  const { imcloud, placed } = marketplaceOf({});
  const broken = [new Error("The middleware is broken.")];
  imcloud.use(async (call, next) => {
    const response = await next(call);
    if (call.method === "POST" && broken[0]) throw broken.shift();
    return response;
  });
  await expect(imcloud.orders.createOnce(order)).rejects.toThrow("The middleware is broken.");
  expect(await imcloud.orders.createOnce(order)).toMatchObject({ id: "900" });
  expect(placed).toHaveLength(1);
});

const failuresAfter: [what: string, fail: (imcloud: ReturnType<typeof apiOf>["imcloud"]) => unknown][] = [
  ["throws undefined", () => Promise.reject(undefined)],
  ["throws a text", () => Promise.reject("broken")],
  ["throws null", () => Promise.reject(null)],
  ["throws a function", () => Promise.reject(() => {})],
  ["makes another call, which is refused", ({ customers }) => customers.get("missing")],
  ["makes another call, which is never sent", ({ customers }) => customers.get("unreachable")],
];

test.each(failuresAfter)("an order is not placed again when a middleware %s after it has left", async (_what, fail) => {
  const placed: object[] = [];
  const { imcloud } = apiOf(
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith("missing")) return json(applicationError("none", 404), { status: 404 });
      if (pathname.endsWith("unreachable")) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
      if (request.method === "POST") {
        placed.push({ ...(await request.json()), id: `${900 + placed.length}` });
        return json(placed.at(-1));
      }
      if (!pathname.endsWith("/orders")) return json(placed[0]);
      return json({ data: placed, pagination: { offset: 0, limit: 100, total: placed.length } });
    },
    { retry: false },
  );
  let isBroken = true;
  imcloud.use(async (call, next) => {
    const response = await next(call);
    if (call.method !== "POST" || !isBroken) return response;
    isBroken = false;
    await fail(imcloud);
    return response;
  });
  // What cannot be remembered is looked for at once.
  const first = imcloud.orders.createOnce(order);
  expect(await first.catch(() => imcloud.orders.createOnce(order))).toMatchObject({ id: "900" });
  expect(placed).toHaveLength(1);
});

test("a middleware that fails before anything has left leaves nothing open", async () => {
  const { imcloud, placed } = marketplaceOf({});
  const broken = [new Error("The middleware is broken.")];
  imcloud.use(async (call, next) => {
    if (call.method === "POST" && broken[0]) throw broken.shift();
    return next(call);
  });
  await expect(imcloud.orders.createOnce(order)).rejects.toThrow("The middleware is broken.");
  expect(await imcloud.orders.createOnce(order)).toMatchObject({ id: "900" });
  expect(placed).toHaveLength(1);
});

test.each([400, 500])(
  "a middleware that makes an error of its own of a refusal, %d, leaves nothing open",
  async (status) => {
    const refusals = [applicationError("no", status)];
    const { imcloud, calls } = apiOf(({ method }) => {
      if (method !== "POST") return json({ data: [], pagination: { offset: 0, limit: 100, total: 0 } });
      return refusals.length ? json(refusals.shift(), { status }) : json({ id: "900" });
    });
    imcloud.use(async (call, next) => {
      const buffered = await next(call);
      if (!buffered.response.ok) throw new Error("My own.");
      return buffered;
    });
    await expect(imcloud.orders.createOnce(order)).rejects.toThrow("My own.");
    expect(await imcloud.orders.createOnce({ ...order, products: [{ id: "2", quantity: 1 }] })).toEqual({ id: "900" });
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(2);
  },
);

test.each([0, "0", -1, false, {}, " ", 9e30])("a response with the id %j does not say what was created", async (id) => {
  const { imcloud } = apiOf(({ method }) =>
    json(method === "POST" ? { id } : { data: [], pagination: { offset: 0, limit: 100, total: 0 } }),
  );
  const failure = await failureOf(imcloud.orders.createOnce(order, { settleTimeout: 0, maxAttempts: 1 }));
  expect(failure).toMatchObject({ name: "UnknownOutcomeError" });
});
