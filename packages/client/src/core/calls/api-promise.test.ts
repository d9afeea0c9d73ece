import { describe, expect, test } from "vitest";
import { CallPromise } from "./api-promise.ts";

const response = new Response(null);

describe("ApiPromise", () => {
  test("it is awaited, chained and combined as any promise", async () => {
    const promise = () => new CallPromise(async () => ({ data: 7, response }));
    expect(await promise()).toBe(7);
    expect(await promise().then((value) => value + 1)).toBe(8);
    expect(await Promise.all([promise(), promise()])).toEqual([7, 7]);
    let ended = false;
    expect(
      await promise().finally(() => {
        ended = true;
      }),
    ).toBe(7);
    expect(ended).toBe(true);
    expect(promise()).toBeInstanceOf(Promise);
  });

  test("a rejection that is handled one way is not reported as unhandled", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const failing = () => new CallPromise(() => Promise.reject(new Error("no")));
    await expect(failing()).rejects.toThrow("no");
    await expect(failing().withResponse()).rejects.toThrow("no");
    await failing().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
