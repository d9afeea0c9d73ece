import { createClient } from "@imcloud/client";
import { handlers } from "@imcloud/mock/msw";
import { createSandbox } from "@imcloud/mock/sandbox";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { sale } from "./client.ts";

const sandbox = createSandbox({ speed: 0, baseUrl: "https://api.example/marketplace/eu" });
const server = setupServer(...handlers(sandbox));
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => sandbox.reset());
afterAll(() => server.close());

/** A client as an app makes it, without knowledge of the sandbox. */
const appClient = () => {
  const { fetch: _, ...connection } = sandbox.connection;
  return createClient({ ...connection, rateLimit: false, retry: false });
};

describe("handlers(sandbox) with msw/node", () => {
  test("let an app's own client place an order and see it complete", async () => {
    const imcloud = appClient();
    const { id } = await imcloud.orders.create(sale());
    await sandbox.advance(10_000);
    expect((await imcloud.orders.get(id)).status).toBe("completed");
    expect(sandbox.requests({ operation: "orders_create" })).toHaveLength(1);
  });

  test("respond at the base URL itself, as the server does for readiness checks", async () => {
    expect((await fetch(sandbox.url)).status).toBe(200);
  });

  test("respond with the files of reports, by the client's own download", async () => {
    const imcloud = appClient();
    const report = await imcloud.reports.create({ name: "All", startDate: "2026-01-01T00:00:00Z" });
    await sandbox.advance(60_000);
    const { downloadUrl } = await imcloud.reports.get(report.id);
    expect(await (await fetch(String(downloadUrl))).text()).toMatch(/^RESELLER_ACCOUNT_ID,/);
  });

  test("cause a network error for a fault that breaks the connection", async () => {
    sandbox.faults.add({ kind: "dropBefore", operation: "orders_list", count: 1 });
    await expect(appClient().orders.list()).rejects.toMatchObject({ name: "ConnectionError" });
  });
});
