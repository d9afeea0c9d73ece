import type { createClient } from "@imcloud/client";

/** The contents of a mock, one line for each resource, without ids and times that differ between runs. */
export type Snapshot = ReadonlyMap<string, string>;

const listed = (values: readonly unknown[] | undefined) => (values ?? []).join(", ") || "nothing";

/** Reads all that a caller can change in a mock, through the API. */
export async function snapshotOf(imcloud: ReturnType<typeof createClient>): Promise<Snapshot> {
  const state = new Map<string, string>();
  for (const { id } of (await imcloud.customers.list({ limit: 100 })).data) {
    const { name, status, externalId, contactPersons } = await imcloud.customers.get(id);
    const contacts = contactPersons.map(({ type, firstName, phoneNumber }) => `${type} ${firstName} ${phoneNumber}`);
    state.set(`customer ${id}`, `${name} (${externalId ?? "no number"}), ${status}, contacts: ${listed(contacts)}`);
  }
  for (const { id } of (await imcloud.resellers.list({ limit: 100 })).data) {
    const { name, status } = await imcloud.resellers.get(id);
    state.set(`reseller ${id}`, `${name}, ${status}`);
  }
  for (const { id } of (await imcloud.subscriptions.list({ limit: 100 })).data) {
    const { status, renewalStatus, products, attributes, totalPrice } = await imcloud.subscriptions.get(id);
    const units = products?.map((product) => `${Number(product.quantity)} × ${product.id}`);
    const own = Object.entries(attributes ?? {}).map(([key, value]) => `${key}=${value}`);
    state.set(
      `subscription ${id}`,
      `${status}, ${renewalStatus ? "renews" : "ends"}, ${listed(units)}, ${totalPrice?.amount}, attributes: ${listed(own)}`,
    );
  }
  for (const { id } of (await imcloud.orders.list({ limit: 100 })).data) {
    const { type, customerId, poNumber, status, products } = await imcloud.orders.get(id);
    const units = products?.map((product) => `${Number(product.quantity)} × ${product.id}`);
    state.set(
      `order ${id}`,
      `${type} ${poNumber ?? "without a number"} for ${customerId}: ${listed(units)}, ${status}`,
    );
  }
  for await (const { id, name, format, type, status } of imcloud.reports.list()) {
    state.set(`report ${id}`, `${name}, ${format}, ${type}, ${status}`);
  }
  return state;
}

/** The differences between two snapshots, one line for each. */
export function effects(before: Snapshot, after: Snapshot): string[] {
  const lines: string[] = [];
  for (const [thing, now] of after) {
    const was = before.get(thing);
    if (was === undefined) lines.push(`new ${thing.split(" ")[0]}: ${now}`);
    else if (was !== now) lines.push(`${thing}: ${was} → ${now}`);
  }
  for (const thing of before.keys()) if (!after.has(thing)) lines.push(`${thing} is gone`);
  return lines.sort();
}
