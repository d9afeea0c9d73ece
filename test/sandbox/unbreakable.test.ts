import { describe, expect, test } from "vitest";
import { sale, sandboxWithClient } from "./client.ts";
import { writeAndRead } from "./write-and-read.ts";

describe("writes of any kind", () => {
  test("leave every list and detail readable, after 1,200 valid and hostile ones", async () => {
    const { byStatus, failedReads, failedWrites } = await writeAndRead({ count: 1_200, seed: 17 });
    expect(failedReads.slice(0, 5)).toEqual([]);
    expect(failedWrites.slice(0, 5)).toEqual([]);
    expect(byStatus[200]).toBeGreaterThan(200);
  }, 120_000);

  test("leave lists readable after a PATCH of what GET returned with one member changed", async () => {
    const { imcloud } = sandboxWithClient();
    const customer = await imcloud.customers.get("1002101");
    const changed = { ...customer, name: "Changed", unknown: { deep: [null] } };
    expect((await imcloud.customers.update("1002101", changed as never)).name).toBe("Changed");
    expect((await imcloud.customers.list()).data.map(({ name }) => name)).toContain("Changed");
    expect(await imcloud.customers.get("1002101")).toEqual({ ...customer, name: "Changed" });
    const subscription = await imcloud.subscriptions.get("700401");
    await imcloud.subscriptions.update("700401", { ...subscription, renewalStatus: false } as never);
    expect((await imcloud.subscriptions.list()).data[0]?.renewalStatus).toBe(false);
    const order = await imcloud.orders.get("900301");
    await imcloud.orders.update("900301", { poNumber: "P", attributes: order.attributes ?? {} });
    expect((await imcloud.orders.list()).data.map(({ id }) => id)).toContain("900301");
  });

  test.each([
    { startDate: "0001-01-01" },
    { startDate: "9999-12-31" },
    { expirationDate: "9999-12-31" },
    { migrationDate: "9999-12-31" },
  ])("leave the subscription list readable after a migration with %o", async (dates) => {
    const { sandbox, imcloud } = sandboxWithClient();
    await imcloud.orders.create({ ...sale(), type: "migration", ...dates }).catch(() => {});
    for (const step of [10_000, 400 * 86_400_000]) {
      await sandbox.advance(step);
      expect((await imcloud.subscriptions.list()).pagination.total).toBeGreaterThan(0);
      for (const { id } of (await imcloud.subscriptions.list()).data) await imcloud.subscriptions.get(id);
      await imcloud.orders.list();
    }
  });

  test("respond with the same body as a read afterwards", async () => {
    const { imcloud } = sandboxWithClient();
    const { id: _, ...reseller } = await imcloud.resellers.get((await imcloud.resellers.list()).data[0]?.id ?? "");
    const { id: _id, ...customer } = await imcloud.customers.get("1002101");
    const order = await imcloud.orders.create(sale());
    expect(await imcloud.orders.get(order.id)).toEqual(order);
    expect(await imcloud.orders.update(order.id, { statusCode: "CL" })).toEqual(await imcloud.orders.get(order.id));
    const created = await imcloud.customers.create(customer as never);
    expect(await imcloud.customers.get(created.id)).toEqual(created);
    expect(await imcloud.customers.update(created.id, { name: "Other" })).toEqual(
      await imcloud.customers.get(created.id),
    );
    const madeReseller = await imcloud.resellers.create(reseller as never);
    expect(await imcloud.resellers.get(madeReseller.id)).toEqual(madeReseller);
    const changed = await imcloud.subscriptions.update("700401", { renewalStatus: false });
    expect(await imcloud.subscriptions.get("700401")).toEqual(changed);
  });

  test("are rejected without an effect for a price that fits no response", async () => {
    const { imcloud } = sandboxWithClient();
    const { total } = (await imcloud.orders.list()).pagination;
    const products = [{ ...sale().products[0], specialPrice: { currency: "EUR", amount: "9".repeat(400) } }];
    const placed = imcloud.orders.create({ ...sale(), products, creditCheck: false } as never);
    await expect(placed).rejects.toMatchObject({ status: 400 });
    expect((await imcloud.orders.list()).pagination.total).toBe(total);
    expect(Number((await imcloud.orders.create(sale())).id)).toBe(900_304);
  });
});

describe("details with Prefer", () => {
  test("exist for stored ids, and not for ids of other examples", async () => {
    const { sandbox, imcloud } = sandboxWithClient({ fixtures: {} });
    await expect(imcloud.orders.get("900301")).rejects.toMatchObject({ status: 404 });
    await sandbox.reset();
    await expect(imcloud.customers.get("1002101")).rejects.toMatchObject({ status: 404 });
  });
});
