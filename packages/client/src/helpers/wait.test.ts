import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OrderFailedError, ReportFailedError, TimeoutError } from "../index.ts";
import { apiOf, failureOf, inTime, json } from "../testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const id = "900301";

/** An API whose order or report changes its state at each of these milliseconds. */
function going(states: Record<number, object>) {
  const start = Date.now();
  const times: number[] = [];
  const api = apiOf((request) => {
    if (request.method === "POST") return json({ id, status: "submitted" });
    times.push(Date.now() - start);
    const past = Object.keys(states).filter((at) => Number(at) <= Date.now() - start);
    return json({ id, orderNumber: "SO900301", ...states[Number(past.at(-1))] });
  });
  return { ...api, times };
}

describe("orders.wait, reports.wait and reports.run", () => {
  test("wait until an order is completed, and report each new state once", async () => {
    const { imcloud, times } = going({
      0: { status: "submitted" },
      5000: { status: "processing", statusCode: "AS" },
      20000: { status: "processing", statusCode: "LO" },
      40000: { status: "completed", statusCode: "CP" },
    });
    const seen: unknown[] = [];
    const order = await inTime(
      imcloud.orders.wait(id, { onState: ({ status, statusCode }) => seen.push([status, statusCode]) }),
    );
    expect(order.status).toBe("completed");
    expect(seen).toEqual([
      ["submitted", undefined],
      ["processing", "AS"],
      ["processing", "LO"],
      ["completed", "CP"],
    ]);
    const gaps = times.slice(1).map((time, index) => time - Number(times[index]));
    expect(gaps[0]).toBeLessThanOrEqual(1_500);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(times.length).toBeLessThan(12);
  });

  test.each(["error", "cancelled"])("throw an OrderFailedError with the order that ends as %s", async (status) => {
    const { imcloud } = going({ 0: { status: "processing" }, 3000: { status } });
    const error = (await inTime(failureOf(imcloud.orders.wait(id)))) as OrderFailedError;
    expect(error).toBeInstanceOf(OrderFailedError);
    expect(error.message).toBe(`Order SO900301 ended as ${status}.`);
    expect(error.order).toMatchObject({ id, status });
  });

  test("keep waiting in an unknown state", async () => {
    const { imcloud } = going({ 0: { status: "on its way" }, 9000: { status: "completed" } });
    expect(await inTime(imcloud.orders.wait(id))).toMatchObject({ status: "completed" });
  });

  test("end at the timeout, and say the last state", async () => {
    const { imcloud } = going({ 0: { status: "processing" } });
    const start = Date.now();
    const error = await inTime(failureOf(imcloud.orders.wait(id, { timeout: 50_000 })));
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toBe('Order 900301 was still "processing" after 50000 ms.');
    expect(Date.now() - start).toBeLessThanOrEqual(51_000);
  });

  test("end at once on an abort", async () => {
    const { imcloud, times } = going({ 0: { status: "processing" } });
    const controller = new AbortController();
    const failure = failureOf(imcloud.orders.wait(id, { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(10_000);
    const looks = times.length;
    controller.abort(new Error("enough"));
    expect(await failure).toMatchObject({ message: "enough" });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(times.length).toBe(looks);
  });

  test("schedule a report and wait for it", async () => {
    const { imcloud, calls } = going({ 0: { status: "processing" }, 8000: { status: "completed" } });
    const report = await inTime(imcloud.reports.run({ name: "Daily Report", startDate: "2026-09-01T00:00:00Z" }));
    expect(report).toMatchObject({ id, status: "completed" });
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  test.each([
    [null, "UnknownOutcomeError"],
    [{}, "MarketplaceError"],
    [undefined, "UnknownOutcomeError"],
  ])("a report whose creation is answered by %j fails with an %s", async (body, name) => {
    const { imcloud } = apiOf(() => (body === undefined ? new Response("") : json(body)));
    const failure = await failureOf(imcloud.reports.run({ name: "Daily Report", startDate: "2026-09-01T00:00:00Z" }));
    expect(failure).toMatchObject({ name });
  });

  test("throw an error with a clear message for an order that is null", async () => {
    const { imcloud } = apiOf(() => json(null));
    expect(await failureOf(imcloud.orders.wait("900301"))).toMatchObject({ name: "GatewayError" });
  });

  test("throw a ReportFailedError with the report that ends as error", async () => {
    const { imcloud } = going({ 0: { status: "error" } });
    const error = (await inTime(failureOf(imcloud.reports.wait(id)))) as ReportFailedError;
    expect(error).toBeInstanceOf(ReportFailedError);
    expect(error.report).toMatchObject({ id, status: "error" });
  });
});
