import { afterEach, describe, expect, test, vi } from "vitest";
import type { ClientOptions, TokenStore } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

afterEach(() => {
  vi.useRealTimers();
});

const good = () => json({ id: "1" });
const never = () => new Promise<never>(() => {});

/** A client whose token comes from a function that fails as told the first time. */
function withProvider(fail: () => Promise<string>, options: Partial<ClientOptions> = {}) {
  let asked = 0;
  const token = () => {
    asked += 1;
    return asked === 1 ? fail() : "good-token";
  };
  return apiOf(good, { auth: { token }, timeout: 30, retry: false, ...options });
}

describe("auth.token", () => {
  test.each<[string, () => Promise<string>]>([
    ["rejects with undefined", () => Promise.reject(undefined)],
    ["rejects with a string", () => Promise.reject("no")],
    ["rejects with null", () => Promise.reject(null)],
    [
      "throws",
      () => {
        throw new Error("the vault is closed");
      },
    ],
    [
      "rejects with what looks like a refused sign-in",
      () => Promise.reject(Object.assign(new Error("no"), { name: "AuthenticationError" })),
    ],
    ["never settles", never],
    ["gives something that is no token", async () => ({ token: "x" }) as never],
  ])("costs the calls that met it, and no other, when it %s", async (_how, fail) => {
    const { imcloud, calls } = withProvider(fail);
    await imcloud.customers.get("1").then(
      () => expect.unreachable(),
      () => {},
    );
    expect(calls).toHaveLength(0);
    expect(await imcloud.customers.get("1")).toEqual({ id: "1" });
  });

  test("fails the call with a TimeoutError when it never settles", async () => {
    const { imcloud } = withProvider(never);
    expect(await failureOf(imcloud.customers.get("1"))).toMatchObject({
      name: "TimeoutError",
      message: "auth.token() returned no token within 30 ms.",
    });
  });
});

describe("options.timeout", () => {
  test("bounds the call's wait for a token, and no other call's", async () => {
    let give = (_token: string) => {};
    const { imcloud } = withProvider(() => new Promise((resolve) => (give = resolve)), { timeout: 60_000 });
    const patient = imcloud.customers.get("1");
    expect(await failureOf(imcloud.customers.get("1", { timeout: 20 }))).toMatchObject({
      name: "TimeoutError",
      message: "No token for customers_get came within 20 ms.",
    });
    give("late-token");
    expect(await patient).toEqual({ id: "1" });
  });

  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["a permit that cannot be given back", { complete() {} }],
    [
      "a permit that throws",
      {
        complete() {},
        release() {
          throw new Error("down");
        },
      },
    ],
  ])("leaves no rejection behind when a limiter gives %s too late", async (_what, permit) => {
    const late = vi.fn(() => permit);
    const acquire = () => new Promise<never>((resolve) => setTimeout(() => resolve(late() as never), 40));
    const { imcloud } = apiOf(good, { auth: { token: () => "t" }, rateLimit: { acquire } });
    expect(await failureOf(imcloud.customers.get("1", { timeout: 20 }))).toMatchObject({ name: "TimeoutError" });
    // An unhandled rejection fails the run.
    await expect.poll(() => late.mock.calls).toHaveLength(1);
  });

  test("bounds the call's wait for a place under the rate limit, and gives the place back", async () => {
    const released: string[] = [];
    const rateLimit = {
      acquire: ({ call }: { call: { operation: string } }) =>
        new Promise<never>((resolve) =>
          setTimeout(() => resolve({ complete() {}, release: () => released.push(call.operation) } as never), 60),
        ),
    };
    const { imcloud, calls } = apiOf(good, { auth: { token: () => "t" }, rateLimit });
    expect(await failureOf(imcloud.orders.create({ customerId: "1" } as never, { timeout: 20 }))).toMatchObject({
      name: "TimeoutError",
    });
    await expect.poll(() => released).toEqual(["orders_create"]);
    expect(calls).toEqual([]);
  });
});

describe("tokenStore", () => {
  const stores: [string, TokenStore][] = [
    [
      "throws",
      {
        get() {
          throw new Error("down");
        },
        set() {
          throw new Error("down");
        },
      },
    ],
    ["rejects with undefined", { get: () => Promise.reject(undefined), set: () => Promise.reject(undefined) }],
    ["never settles", { get: never, set: never }],
    ["never ends a write", { get: () => undefined, set: never }],
    [
      "gives what has a getter that throws",
      {
        get: (owner) => ({
          owner,
          token: "x",
          get expiresAt(): number {
            throw new Error("no");
          },
        }),
        set() {},
      },
    ],
    ["throws what cannot be shown", { get: () => Promise.reject(Object.create(null)), set() {} }],
    [
      "changes what it is given",
      {
        get: () => undefined,
        set(stored) {
          stored.token = "evil";
        },
      },
    ],
    ["gives null", { get: () => null as never, set() {} }],
    [
      "does not keep what was signed in once",
      {
        get: () => undefined,
        set() {},
        signInOnce: async (_owner, signIn) => {
          await signIn();
          throw new Error("the disk is full");
        },
      },
    ],
    [
      "never ends a sign-in",
      { get: () => undefined, set() {}, signInOnce: (_owner, signIn) => signIn().then(() => new Promise(() => {})) },
    ],
    ["gives what is no token", { get: () => ({ token: 7, expiresAt: Number.POSITIVE_INFINITY }) as never, set() {} }],
    ["gives a token without an end", { get: () => ({ token: "x" }) as never, set() {} }],
    [
      "gives a token that no header can hold",
      { get: (owner) => ({ owner, token: "a\nb", expiresAt: Date.now() + 1e9 }), set() {} },
    ],
  ];
  test.each(stores)(
    "costs no call when it %s: a token that cannot be stored is still a token",
    async (_how, tokenStore) => {
      const { imcloud, calls, signIns } = apiOf(good, { tokenStore, timeout: 30, retry: false });
      expect(await imcloud.customers.get("1")).toEqual({ id: "1" });
      expect(await imcloud.customers.get("1")).toEqual({ id: "1" });
      expect(calls[0]?.headers.get("authorization")).toBe("Bearer demo-token");
      expect(signIns()).toBe(1);
    },
  );

  test("holds up a call for two minutes at most when another's sign-in never settles", async () => {
    vi.useFakeTimers();
    const { imcloud } = apiOf(good, { tokenStore: { get: () => undefined, set() {}, signInOnce: never } });
    const customer = imcloud.customers.get("1");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await customer).toEqual({ id: "1" });
  });

  test("logs its failures", async () => {
    const warnings: string[] = [];
    const quiet = () => {};
    const logger = { debug: quiet, info: quiet, warn: (line: string) => warnings.push(line), error: quiet };
    const get = () => Promise.reject(new Error("down"));
    const { imcloud } = apiOf(good, { tokenStore: { get, set() {} }, logger });
    await imcloud.customers.get("1");
    expect(new Set(warnings)).toEqual(new Set(["tokenStore.get() failed; the client goes on without it: down"]));
  });
});

test.each(["username", "password"])("half a surrogate pair in the %s is refused", (name) => {
  const auth = { username: "demo.api", password: "demo-password", [name]: "a\ud800" };
  expect(() => apiOf(good, { auth })).toThrow(`auth.${name} must be a string of whole characters`);
});
