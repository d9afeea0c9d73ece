/**
 * Uses a sandbox as an app does, on any platform: places an order, advances the clock, sees it complete, and reads a report.
 * @param {typeof import("@imcloud/mock/sandbox")} mock
 * @param {typeof import("@imcloud/client")} client
 */
export async function flow({ createSandbox }, { createClient }) {
  const sandbox = createSandbox({ speed: 0 });
  const imcloud = createClient({ ...sandbox.connection, rateLimit: false });
  const renewal = { type: "renewal", customerId: "1002101", subscriptionId: "700401" };
  const placed = await imcloud.orders.create(renewal);
  await sandbox.advance(10_000);
  const { status } = await imcloud.orders.get(placed.id);
  const { id } = await imcloud.reports.create({ name: "All", startDate: "2026-01-01T00:00:00Z", format: "xlsx" });
  await sandbox.advance(60_000);
  const { downloadUrl } = await imcloud.reports.get(id);
  const file = new Uint8Array(await (await sandbox.fetch(downloadUrl)).arrayBuffer());
  const wrong = await imcloud.orders.create({ type: "sales" }).catch((error) => error.status);
  const zip = String.fromCharCode(...file.subarray(0, 2));
  return [placed.status, status, zip, wrong, sandbox.requests({ operation: "orders_create" }).length].join(" ");
}
