import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AuthenticationError } from "../core/errors/errors.ts";
import { createTokenSource as createSource, type SignIn } from "./token-source.ts";
import { guardStore, type StoredToken, type TokenStore } from "./token-store.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A source as a client with a name and a password makes it. */
const createTokenSource = (signIn: SignIn, store?: TokenStore) =>
  createSource({ signIn, store: store && guardStore(store, "me", 1_000, () => {}), holdsRefusals: true });

function createMemoryStore(): TokenStore {
  let kept: StoredToken | undefined;
  return {
    get: () => kept,
    set: (token) => {
      kept = token;
    },
  };
}

/** A source whose sign-ins give token-1, token-2, … and are counted. */
function sourceOf(expiresInSeconds: number, store?: TokenStore) {
  const state = { signIns: 0 };
  const source = createTokenSource(async () => ({ token: `token-${++state.signIns}`, expiresInSeconds }), store);
  return { state, source };
}

const refusal = () =>
  new AuthenticationError("Wrong password", {
    ...{ status: 401, correlationId: undefined, body: undefined, retryAfter: undefined },
    ...{ operation: "token_create", method: "POST", path: "/token", headers: new Headers() },
  });

describe("createTokenSource", () => {
  test("a token is renewed 60 seconds before it ends, and not sooner", async () => {
    const { source } = sourceOf(1500);
    expect(await source.get()).toBe("token-1");
    vi.advanceTimersByTime(1_439_999);
    expect(await source.get()).toBe("token-1");
    vi.advanceTimersByTime(1);
    expect(await source.get()).toBe("token-2");
  });

  test("a token that lives shorter than the margin is used for half its life", async () => {
    const { source } = sourceOf(30);
    await source.get();
    vi.advanceTimersByTime(14_999);
    expect(await source.get()).toBe("token-1");
    vi.advanceTimersByTime(1);
    expect(await source.get()).toBe("token-2");
  });

  test("a token's life is counted from before its sign-in, however slow that is", async () => {
    const source = createTokenSource(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100_000));
      return { token: "slow", expiresInSeconds: 300 };
    });
    const first = source.get();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await first).toBe("slow");
    vi.advanceTimersByTime(139_999);
    expect(source.isGood("slow")).toBe(true);
    vi.advanceTimersByTime(1);
    expect(source.isGood("slow")).toBe(false);
  });

  test("a refused token is given up, but a late refusal does not cost a newer one", async () => {
    const { source } = sourceOf(1500);
    const old = await source.get();
    source.reject(old);
    expect(await source.get()).toBe("token-2");
    source.reject(old);
    expect(await source.get()).toBe("token-2");
  });

  test("a sign-in of a copy that failed is tried again by those of others that waited, once, unless it was refused", async () => {
    const { state, source } = sourceOf(1500);
    const hasFailed = source.signingInBy(() => Promise.reject(new Error("no time"))).get();
    const waiting = [source.get(), source.get()];
    await expect(hasFailed).rejects.toThrow("no time");
    expect(await Promise.all(waiting)).toEqual(["token-1", "token-1"]);
    source.reject("token-1");
    const isRefused = source.signingInBy(() => Promise.reject(refusal())).get();
    const refused = source.get();
    await expect(isRefused).rejects.toThrow("Wrong password");
    await expect(refused).rejects.toThrow("Wrong password");
    expect(state.signIns).toBe(1);
  });

  test("a sign-in that failed is tried again by the next call, not by those that waited", async () => {
    let signIns = 0;
    const source = createTokenSource(async () => {
      signIns += 1;
      if (signIns === 1) throw new Error("no");
      return { token: "good", expiresInSeconds: 1500 };
    });
    const waiting = await Promise.allSettled([source.get(), source.get()]);
    expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(signIns).toBe(1);
    expect(await source.get()).toBe("good");
  });

  test("a sign-in that was refused is not tried again for a minute, so that a loop locks nobody out", async () => {
    let signIns = 0;
    const source = createTokenSource(async () => {
      signIns += 1;
      throw refusal();
    });
    const first = await source.get().catch((error: unknown) => error);
    for (let call = 0; call < 100; call++) await expect(source.get()).rejects.toBe(first);
    expect(signIns).toBe(1);
    vi.advanceTimersByTime(60_000);
    await expect(source.get()).rejects.toBeInstanceOf(AuthenticationError);
    expect(signIns).toBe(2);
  });

  test("sources that share a store share a token, and a refused one is not taken from it again", async () => {
    const store = createMemoryStore();
    const one = sourceOf(1500, store);
    const other = sourceOf(1500, store);
    expect(await one.source.get()).toBe("token-1");
    expect(await other.source.get()).toBe("token-1");
    expect(other.state.signIns).toBe(0);
    other.source.reject("token-1");
    // Its own first sign-in, by chance of the same name, is not the refused one's store entry.
    other.state.signIns = 1;
    expect(await other.source.get()).toBe("token-2");
    expect((await store.get("me"))?.token).toBe("token-2");
  });

  test("a late response never overwrites a newer token", async () => {
    const store = createMemoryStore();
    let respond = () => {};
    const slow = createTokenSource(async () => {
      await new Promise<void>((resolve) => {
        respond = resolve;
      });
      return { token: "late", expiresInSeconds: 1500 };
    }, store);
    const waiting = slow.get();
    await vi.advanceTimersByTimeAsync(5_000);
    const newer: StoredToken = { token: "newer", expiresAt: Date.now() + 1_500_000, owner: "me" };
    await store.set(newer);
    respond();
    expect(await waiting).toBe("newer");
    expect(await store.get("me")).toEqual(newer);
  });

  test("a clock that jumps ahead costs a sign-in, and one that jumps back costs none", async () => {
    const { source } = sourceOf(1500);
    await source.get();
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(await source.get()).toBe("token-1");
    vi.setSystemTime(Date.now() + 7_200_000);
    expect(await source.get()).toBe("token-2");
  });
});
