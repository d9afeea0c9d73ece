import { expect, test } from "vitest";
import { createTokenSource } from "./token.ts";

/** A source on a clock that the test moves, and a count of its sign-ins. */
function sourceOn(expiresInSeconds: number) {
  const state = { now: 0, signIns: 0 };
  const source = createTokenSource(
    async () => ({ token: `token-${++state.signIns}`, expiresInSeconds }),
    () => state.now,
  );
  return { state, source };
}

test("a token is renewed 60 seconds before it ends, and not sooner", async () => {
  const { state, source } = sourceOn(1500);
  expect(await source.get()).toBe("token-1");
  state.now = 1_439_999;
  expect(await source.get()).toBe("token-1");
  state.now = 1_440_000;
  expect(await source.get()).toBe("token-2");
});

test("a token that lives shorter than the margin is used for half its life", async () => {
  const { state, source } = sourceOn(30);
  await source.get();
  state.now = 14_999;
  expect(await source.get()).toBe("token-1");
  state.now = 15_000;
  expect(await source.get()).toBe("token-2");
});

test("a refused token is given up, but a late refusal does not cost a newer one", async () => {
  const { source } = sourceOn(1500);
  const old = await source.get();
  source.refuse(old);
  expect(await source.get()).toBe("token-2");
  source.refuse(old);
  expect(await source.get()).toBe("token-2");
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
