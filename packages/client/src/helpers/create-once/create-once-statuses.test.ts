import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, type CustomFetch, createClient, UnknownOutcomeError } from "../../index.ts";
import { applicationError, failureOf, inTime } from "../../testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const order = { type: "sales" as const, customerId: "1002101", products: [], poNumber: "T-1001" };

/** What a response to a write can hold, whatever its status. */
const BODIES: [name: string, text: string][] = [
  ["nothing", ""],
  ["null", "null"],
  ["{}", "{}"],
  ["the order", JSON.stringify({ ...order, id: "900001" })],
  ["an error of the API", JSON.stringify(applicationError("Something went wrong"))],
  ["an error of the framework", JSON.stringify({ timestamp: "2026-09-14T10:00:00Z", error: "Internal Server Error" })],
  ["an error of another server", JSON.stringify({ error: "upstream", statusCode: 1 })],
  ["a page", "<html>Please wait</html>"],
];

/** By their definitions, nothing was done: the client sends the order again, and these do not place it. */
const NOT_ACCEPTED = [401, 429];

/** A server that places the order and says so by any status, also one that `Response` cannot have. */
function serverOf(status: number, text: string) {
  const orders: object[] = [];
  const respond = (code: number, body: string) => ({
    status: code,
    statusText: "",
    ok: code >= 200 && code < 300,
    headers: new Headers({ "content-type": "application/json" }),
    body: null,
    text: async () => body,
  });
  const fetch: CustomFetch = async ({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname === "/token") return respond(200, JSON.stringify({ token: "t", expiresInSeconds: 15_000 }));
    if (method === "POST") {
      if (!NOT_ACCEPTED.includes(status))
        orders.unshift({ ...order, id: `90000${orders.length + 1}`, status: "submitted" });
      return respond(status, text);
    }
    if (pathname !== "/orders") return respond(200, JSON.stringify(orders[0]));
    return respond(200, JSON.stringify({ data: orders, pagination: { offset: 0, limit: 500, total: orders.length } }));
  };
  const imcloud = createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    rateLimit: false,
    retry: { minDelay: 1, maxDelay: 1 },
    fetch,
  });
  return { imcloud, orders };
}

const STATUSES = [0, ...Array.from({ length: 500 }, (_, index) => index + 100), 600, 999];

/** Those that the client, the API or a proxy treats in a way of its own, and both sides of each hundred. */
const MARKED = new Set(
  [0, 100, 101, 199, 200, 201, 202, 204, 205, 299, 300, 301, 302, 303, 304, 307, 308, 399].concat(
    [400, 401, 403, 404, 408, 409, 413, 421, 422, 425, 429, 431, 460, 499],
    [500, 501, 502, 503, 504, 505, 520, 521, 522, 523, 524, 598, 599, 600, 999],
  ),
);

/** Each status with one of the bodies, and those that are marked with all; at night, each with all. */
const statusesFor = (body: number): number[] =>
  STATUSES.filter((status) => process.env.NIGHTLY === "1" || MARKED.has(status) || status % BODIES.length === body);

describe("orders.createOnce", () => {
  test.each(BODIES.map(([name, text], at) => [name, text, statusesFor(at)] as const))(
    "places one order whatever the status is of a response that holds %s",
    async (_name, text, statuses) => {
      for (const status of statuses) {
        const { imcloud, orders } = serverOf(status, text);
        const outcome = await inTime(imcloud.orders.createOnce(order).catch((error: unknown) => error));
        expect(orders.length, `${status} ${text}`).toBe(NOT_ACCEPTED.includes(status) ? 0 : 1);
        if (outcome instanceof Error) expect(outcome, `${status} ${text}`).toBeInstanceOf(ApiError);
        else expect(outcome).toMatchObject({ id: "900001" });
      }
    },
  );
});

describe("orders.create", () => {
  test.each([0, 100, 199, 300, 301, 302, 303, 304, 399, 408, 460, 499, 502, 503, 504, 524, 599])(
    "throws UnknownOutcomeError for %i, also with an error of the API",
    async (status) => {
      const { imcloud } = serverOf(status, JSON.stringify(applicationError("Something went wrong")));
      expect(await inTime(failureOf(imcloud.orders.create(order)))).toBeInstanceOf(UnknownOutcomeError);
    },
  );

  test.each([307, 308, 400, 403, 404, 409, 413, 421, 422, 425, 431, 500, 501, 505])(
    "throws ApiError for %i, which says that nothing was done",
    async (status) => {
      const { imcloud } = serverOf(status, JSON.stringify(applicationError("Something went wrong")));
      expect(await inTime(failureOf(imcloud.orders.create(order)))).toBeInstanceOf(ApiError);
    },
  );
});
