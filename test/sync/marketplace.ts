import { createClient, type ImcloudClient } from "@imcloud/client";
import { createSandbox, type Fixtures, type Sandbox, type Size } from "@imcloud/mock/sandbox";
import type { Resource, SyncStore } from "@imcloud/sync";
import { expect } from "vitest";
import { type ChildSpec, type ColumnSpec, tablesOf } from "../../packages/sync/generate/tables.ts";
import { document } from "../support/document.ts";

export const DAY = 86_400_000;

/** The documents of a marketplace, by resource and id. */
export type Marketplace = Record<Resource, Map<string, Record<string, unknown>>>;

/** A client of a sandbox without limits. */
export const clientOf = ({ connection }: Sandbox): ImcloudClient =>
  createClient({ ...connection, rateLimit: false, retry: false });

/** A sandbox with a stopped clock, with a client without limits. */
export function openSandbox(options: { size?: Size; fixtures?: Fixtures }): {
  sandbox: Sandbox;
  client: ImcloudClient;
} {
  const sandbox = createSandbox({ ...options, speed: 0 });
  return { sandbox, client: clientOf(sandbox) };
}

/** Customers with subscriptions each, and the orders that created these. */
export function customerFixtures({ customers = 12, each = 4 } = {}): Fixtures {
  const product = {
    ...{ id: "501", mpn: "TOWN-1", vendor: "NimbusSoftware", name: "Town Office", serviceName: "TOWN" },
    ...{ minimumQuantity: "1.0", maximumQuantity: "500.0", billingModel: "chargeBeforeBillingPeriod" },
    ...{ billingPeriod: { type: "month", duration: 1 }, subscriptionPeriod: { type: "year", duration: 1 } },
    prices: [{ currency: "EUR", amount: "12.40", type: "recurring" }],
    costs: [{ currency: "EUR", amount: "10.10", type: "recurring" }],
  };
  const address = { streetAddress: "1 High Street", postalCode: "11122", city: "Stockholm", countryCode: "SE" };
  const person = {
    firstName: "Kim",
    lastName: "Berg",
    email: "kim@customerFixtures.example",
    phoneNumber: "+46 8 1234567",
  };
  const owners = Array.from({ length: customers }, (_, at) => ({
    ...{ id: String(3000 + at), name: `Town customer ${at}`, status: "active", language: "sv", address },
    contactPersons: [{ type: "admin", ...person }],
  }));
  const all = owners.flatMap(({ id: customerId }, at) =>
    Array.from({ length: each }, (_, place) => {
      const [id, orderId] = [String(70_000 + at * each + place), String(90_000 + at * each + place)];
      const day = String(1 + ((at * each + place) % 27)).padStart(2, "0");
      const quantity = 1 + place * 3;
      return {
        subscription: {
          ...{ id, customerId, status: "active", creationDate: `2026-06-${day}` },
          products: [{ id: product.id, quantity }],
        },
        order: {
          ...{
            id: orderId,
            orderNumber: `SO${orderId}`,
            type: "sales",
            status: "completed",
            statusCode: "CP",
            customerId,
          },
          ...{ subscriptionId: id, creationDate: `2026-06-${day}T08:00:00Z`, poNumber: `T-${orderId}` },
          products: [
            { id: product.id, mpn: product.mpn, quantity, extendedPrice: { currency: "EUR", amount: "12.40" } },
          ],
        },
      };
    }),
  );
  return {
    customers: owners,
    products: [product],
    subscriptions: all.map(({ subscription }) => subscription),
    orders: all.map(({ order }) => order),
    reports: [],
  } as Fixtures;
}

const TABLES = tablesOf(document);

const RESOURCES = ["customers", "subscriptions", "orders", "products", "reports"] as const;

/** Reads everything by the plain loop that people write: every list, then the details of every row. */
export async function readMarketplace(client: ImcloudClient): Promise<Marketplace> {
  const marketplace = Object.fromEntries(RESOURCES.map((name) => [name, new Map()])) as Marketplace;
  for (const resource of RESOURCES) {
    const rows: { id?: string }[] = await client[resource].list({}).toArray({ max: Number.POSITIVE_INFINITY });
    for (const row of rows) {
      const isWhole = resource === "products" || resource === "reports";
      const { downloadUrl: _, ...whole } = (isWhole ? row : await client[resource].get(String(row.id))) as {
        downloadUrl?: string;
      };
      marketplace[resource].set(String(row.id), whole);
    }
  }
  return marketplace;
}

/** The calls that {@link readMarketplace} takes, without its sign-in. */
export const plainCalls = (marketplace: Marketplace): number =>
  RESOURCES.reduce((sum, name) => {
    const pages = name === "reports" ? 1 : Math.max(1, Math.ceil(marketplace[name].size / 500));
    return sum + pages + (name === "products" || name === "reports" ? 0 : marketplace[name].size);
  }, 0);

const memberAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

/** The milliseconds of a column's time, which an engine returns as a Date or as text in UTC. */
export const timeIn = (column: unknown): number =>
  column instanceof Date ? column.getTime() : Date.parse(`${String(column).replace(" ", "T").replace(/Z?$/, "Z")}`);

/** Whether a column has the value of a member, in the engine's form. */
function isSame({ kind }: ColumnSpec, column: unknown, member: unknown): boolean {
  if (member === undefined || member === null || member === "") return column === null;
  if (kind === "json")
    return JSON.stringify(typeof column === "string" ? JSON.parse(column) : column) === JSON.stringify(member);
  if (kind === "boolean") return Boolean(column) === member;
  if (kind === "timestamp") return timeIn(column) === Date.parse(String(member));
  if (kind === "date") {
    const day =
      column instanceof Date ? new Date(column.getTime() - column.getTimezoneOffset() * 60_000).toISOString() : column;
    return String(day).slice(0, 10) === member;
  }
  return kind === "text" ? column === String(member) : Number(column) === Number(member);
}

/** The columns that differ from their members. */
const wrongColumns = (columns: readonly ColumnSpec[], row: Record<string, unknown>, value: unknown): string[] =>
  columns
    .filter((column) => !isSame(column, row[column.name], memberAt(value, column.path)))
    .map(({ name, path }) => `${name}: ${row[name]}, and not ${JSON.stringify(memberAt(value, path))}`);

async function wrongChildren(
  store: SyncStore,
  owner: string,
  { name, path, columns, children }: ChildSpec,
  parents: readonly { id: string; place: string; value: unknown }[],
): Promise<string[]> {
  const rows = await store.query<Record<string, unknown>>(`SELECT * FROM imcloud_${name}`);
  const byPlace = new Map(rows.map((row) => [`${row[owner]} ${row.parent} ${row.position}`, row]));
  const elements = parents.flatMap(({ id, place, value }) =>
    ((memberAt(value, path) as unknown[] | undefined) ?? []).map((element, position) => ({
      ...{
        id,
        value: element,
        key: `${id} ${place} ${position}`,
        place: place ? `${place}.${position}` : String(position),
      },
    })),
  );
  const wrong = elements.flatMap(({ key, value }) => {
    const row = byPlace.get(key);
    return row
      ? wrongColumns(columns, row, value).map((what) => `${name} ${key} ${what}`)
      : [`${name} ${key} is missing`];
  });
  if (rows.length !== elements.length) wrong.push(`${name} has ${rows.length} rows, and not ${elements.length}`);
  for (const child of children) wrong.push(...(await wrongChildren(store, owner, child, elements)));
  return wrong;
}

/** The differences of tables from the marketplace: documents, columns, child tables, missing and extra rows. */
export async function differencesOf(store: SyncStore, marketplace: Marketplace): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, owner, columns, children } of TABLES) {
    const rows = await store.query<Record<string, unknown>>(`SELECT * FROM imcloud_${name} WHERE gone_at IS NULL`);
    const kept = new Map(rows.map((row) => [String(row.id), row]));
    wrong.push(...[...kept.keys()].filter((id) => !marketplace[name].has(id)).map((id) => `${name} ${id} is too much`));
    for (const [id, value] of marketplace[name]) {
      const row = kept.get(id);
      if (!row) {
        wrong.push(`${name} ${id} is missing`);
        continue;
      }
      const whole = typeof row.document === "string" ? JSON.parse(row.document) : row.document;
      if (JSON.stringify(sorted(whole)) !== JSON.stringify(sorted(value)))
        wrong.push(`${name} ${id}: another document`);
      wrong.push(...wrongColumns(columns, row, value).map((what) => `${name} ${id} ${what}`));
    }
    const parents = [...marketplace[name]].map(([id, value]) => ({ id, place: "", value }));
    for (const child of children) wrong.push(...(await wrongChildren(store, owner, child, parents)));
  }
  return wrong;
}

/** Expects that the tables equal the marketplace. */
export async function expectTables(store: SyncStore, marketplace: Marketplace): Promise<void> {
  const wrong = await differencesOf(store, marketplace);
  expect(wrong.slice(0, 5), `${wrong.length} differences`).toEqual([]);
}

/** Rows in a page of a list. */
const PAGE = 500;

/**
 * The least calls that find all changes of a marketplace: a sign-in; a page for each 500 rows of the lists in which any row can change; the
 * pages of orders down to the known ones; for each status of older open orders the pages of its list or a call for each, whichever is
 * less; and a call for each changed resource. A subscription that changed on the day of the last sync counts as changed, as its row
 * does not show later changes of that day.
 */
export function leastCalls(
  before: Marketplace,
  after: Marketplace,
  lastDay: string,
): { changed: number; least: number } {
  const isOther = (resource: Resource, id: string) =>
    JSON.stringify(before[resource].get(id)) !== JSON.stringify(after[resource].get(id));
  const changed = new Set<string>();
  for (const resource of ["customers", "subscriptions", "orders"] as const) {
    for (const [id, { lastModifiedDate }] of after[resource]) {
      if (isOther(resource, id) || lastModifiedDate === lastDay) changed.add(`${resource} ${id}`);
    }
  }
  const lists = (["customers", "subscriptions", "products"] as const).map((name) =>
    Math.max(1, Math.ceil(after[name].size / PAGE)),
  );
  const fresh = [...after.orders.keys()].filter((id) => !before.orders.has(id)).length;
  const pages = Math.floor(fresh / PAGE) + 1;
  const older = [...after.orders.keys()].slice(pages * PAGE).map((id) => before.orders.get(id)?.status);
  const open = ["submitted", "processing", "error"].map((status) => {
    const count = older.filter((each) => each === status).length;
    const pagesOf = Math.ceil([...after.orders.values()].filter((order) => order.status === status).length / PAGE);
    // Changed orders are counted below.
    return Math.min(count, pagesOf);
  });
  const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0);
  return { changed: changed.size, least: 1 + 1 + sum(lists) + pages + sum(open) + changed.size };
}

/** Sorts members, as PostgreSQL stores JSON members in its own order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
