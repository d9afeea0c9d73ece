import { createRequire } from "node:module";
import { createClient } from "@imcloud/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connected, connectAssistant } from "./assistant.ts";

const { encode } = createRequire(import.meta.url)("gpt-3-encoder") as { encode(text: string): number[] };

let writing: Connected;
let reading: Connected;
beforeAll(async () => {
  [writing, reading] = await Promise.all([connectAssistant({ allowWrites: true }), connectAssistant()]);
});
afterAll(() => Promise.all([writing.close(), reading.close()]));

const WRITES = ["place_order", "change_seats"];

describe("tools/list", () => {
  test("costs at most 6,000 tokens with all tools", async () => {
    expect(encode(JSON.stringify(await writing.host.listTools())).length).toBeLessThanOrEqual(6_000);
  });

  test("has no writing tools unless writes are allowed", async () => {
    const names = (await reading.host.listTools()).tools.map(({ name }) => name);
    const all = (await writing.host.listTools()).tools.map(({ name }) => name);
    expect(all.filter((name) => !names.includes(name))).toEqual(WRITES);
  });

  test("says for each tool whether it writes, and has a schema of its results", async () => {
    const { tools } = await writing.host.listTools();
    for (const { name, annotations, outputSchema, inputSchema, title } of tools) {
      expect(annotations?.readOnlyHint, name).toBe(![...WRITES, "run_report"].includes(name));
      if (!annotations?.readOnlyHint) expect(annotations?.destructiveHint, name).toBe(WRITES.includes(name));
      expect(outputSchema?.required, name).toEqual(expect.arrayContaining(["notice", "leftOut", "data"]));
      expect(inputSchema.additionalProperties, name).toBe(false);
      expect(title, name).toBeTruthy();
    }
  });
});

describe("tools/call", () => {
  test("refuses an unknown argument before anything is sent", async () => {
    const before = reading.requests.length;
    const { isError, text } = await reading.call("find_orders", { costumerId: "1002101" });
    expect(isError).toBe(true);
    expect(text).toContain("costumerId");
    expect(reading.requests.length).toBe(before);
  });

  test("returns the same as structured content and as text", async () => {
    const { text, isError, ...structured } = await reading.call("find_customers");
    expect(isError).toBe(false);
    expect(JSON.parse(text)).toEqual(structured);
  });

  test("takes ids as numbers too", async () => {
    expect((await reading.call("find_orders", { id: 900301 })).data.orderNumber).toBe("SO900301");
  });

  test("says how many rows there are, and how to get the rest", async () => {
    const first = await reading.call("find_orders", { limit: 2 });
    expect(first).toMatchObject({ total: 3, returned: 2, nextOffset: 2 });
    expect(first.leftOut).toEqual(["rows behind these: 1; call again with offset 2"]);
    const second = await reading.call("find_orders", { limit: 2, offset: 2 });
    expect(second).toMatchObject({ total: 3, returned: 1, leftOut: [] });
    expect(second.nextOffset).toBeUndefined();
  });

  test("says what to do when the marketplace refuses", async () => {
    const { isError, data, advice } = await reading.call("customer_overview", { customerId: "1" });
    expect(isError).toBe(true);
    expect(data).toMatchObject({ status: expect.any(Number), correlationId: expect.stringMatching(/^a8n-/) });
    expect(advice).toMatch(/find|id|refused/i);
  });

  test("reports its progress to a host that asks for it", async () => {
    const steps: number[] = [];
    await reading.call(
      "run_report",
      { name: "Accounts", from: "2026-09-01", to: "2026-09-30" },
      { onprogress: ({ progress }) => steps.push(progress) },
    );
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual([...new Set(steps)].sort((one, other) => one - other));
  });

  test("aborts its API calls when the host cancels it", async () => {
    const cancelled = new AbortController();
    let signal: AbortSignal | undefined;
    const connected = await connectAssistant({
      wrapFetch: (fetch) => async (request) => {
        if (!request.url.includes("/customers")) return fetch(request);
        signal = request.signal;
        cancelled.abort();
        await new Promise((resolve) => request.signal.addEventListener("abort", resolve, { once: true }));
        throw request.signal.reason;
      },
    });
    await expect(connected.call("find_customers", {}, { signal: cancelled.signal })).rejects.toThrow();
    await expect.poll(() => signal?.aborted).toBe(true);
    await connected.close();
  });

  test("refuses arguments with invisible characters, which the confirming user would not see", async () => {
    const before = writing.requests.length;
    const { isError, advice } = await writing.call("estimate_seats", {
      ...{ subscriptionId: "700401", seats: 31, poNumber: "T-1\u202E" },
    });
    expect(isError).toBe(true);
    expect(advice).toContain("nobody sees");
    expect(writing.requests.length).toBe(before);
  });

  test("names the customers of many rows without a call for each", async () => {
    const connected = await connectAssistant();
    const ids = Array.from({ length: 8 }, (_, index) => String(2_000 + index));
    const example = await createClient({ ...connected.sandbox.connection }).customers.get("1002101");
    connected.sandbox.seed({
      customers: ids.map((id) => ({ ...example, id, name: `Customer ${id}` })),
      subscriptions: ids.map((id) => ({
        ...{ id: `9${id}`, customerId: id, status: "active", renewalStatus: false },
        expirationDate: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
        products: [{ id: "500202", quantity: 1 }],
      })),
    });
    const { data } = await connected.call("due_renewals", { days: 5 });
    expect(data.rows.map(({ customerName }: { customerName: string }) => customerName).sort()).toEqual(
      ids.map((id) => `Customer ${id}`),
    );
    expect(connected.requests.filter((request) => request.startsWith("GET /customers/"))).toEqual([]);
    await connected.close();
  });

  test("takes an id as text or as a safe integer, and refuses all else", async () => {
    for (const id of ["900301", 900_301]) expect((await reading.call("find_orders", { id })).data.id).toBe("900301");
    const before = reading.requests.length;
    // 2 ** 53 is the first integer that may stand for another one.
    for (const id of [null, true, ["900301"], {}, 1.5, 2 ** 53, ""]) {
      expect((await reading.call("find_orders", { id })).isError).toBe(true);
    }
    expect((await reading.call("customer_overview")).isError).toBe(true);
    expect(reading.requests.length).toBe(before);
    const { tools } = await reading.host.listTools();
    const overview = tools.find(({ name }) => name === "customer_overview")?.inputSchema;
    expect(overview).toMatchObject({ properties: { customerId: { type: "string" } }, required: ["customerId"] });
  });

  test("does not know a writing tool where writes are not allowed", async () => {
    const before = reading.requests.length;
    await expect(reading.call("place_order", { confirmationId: "x" })).rejects.toThrow(/place_order/);
    expect(reading.requests.length).toBe(before);
  });
});
