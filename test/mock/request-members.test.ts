import { createClient, type ImcloudClient } from "@imcloud/client";
import { createSandbox, type Sandbox } from "@imcloud/mock/sandbox";
import { type Reference, resolve, type Schema } from "@imcloud/openapi-tools/document";
import { mergedSchema } from "@imcloud/openapi-tools/fields";
import { expect, test } from "vitest";
import { document, knownPath, operations } from "../support/document.ts";

type Json = Record<string, unknown>;

const parameters = [
  { name: "tenant_preference", value: "new" },
  { name: "microsoft_domain", value: "brightwater.onmicrosoft.com" },
];
const seats = { id: "500201", quantity: 2, parameters };
const on = { customerId: "1002101", subscriptionId: "700401" };
const account = {
  ...{ name: "Pebble Press", language: "en" },
  address: { streetAddress: "Kanalgatan 1", postalCode: "41105", city: "Gothenburg", countryCode: "SE" },
  contactPersons: [
    { firstName: "Edda", lastName: "Provberg", email: "edda@pebble.example", phoneNumber: "+46315550199" },
  ],
};

/** Base bodies, to which each member is added in turn: one for each operation, and for orders one of each type. */
const bodies: [operation: string, kind: string, body: Json][] = [
  ["token_create", "a sign-in", { marketplace: "se" }],
  ["customers_create", "a customer", account],
  ["customers_update", "a customer", {}],
  ["resellers_create", "a reseller", { ...account, currency: "EUR" }],
  ["resellers_createCustomer", "a customer", account],
  ["resellers_update", "a reseller", {}],
  ["subscriptions_update", "a subscription", { products: [{ id: "500201" }] }],
  ["subscriptions_updateByPost", "a subscription", { products: [{ id: "500201" }] }],
  ["subscriptions_updateSpecialPricing", "prices", { products: [{ id: "500201" }] }],
  ["subscriptions_updateSpecialPricingByPatch", "prices", { products: [{ id: "500201" }] }],
  ["validation_parameters", "a round", { customerId: "1002101", products: [{ id: "500201", parameters: [] }] }],
  ["reports_create", "a report", { name: "Every Invoice - Full View", startDate: "2026-09-01T00:00:00Z" }],
  ["orders_update", "an order", {}],
  ["orders_create", "a sale", { customerId: "1002101", products: [seats] }],
  ["orders_create", "a change", { type: "change", ...on, products: [{ id: "500201", quantity: 40 }] }],
  ["orders_create", "a switch", { type: "change", ...on, products: [{ id: "500201", newId: "sku-CSA-0II8MXB" }] }],
  [
    "orders_create",
    "a partial upgrade",
    {
      ...{ type: "change", ...on, placementType: "MOVE" },
      products: [{ id: "500201", newId: "sku-CSA-0II8MXB", quantity: 10 }],
    },
  ],
  ["orders_create", "a migration", { type: "migration", customerId: "1002101", products: [seats] }],
  ["orders_create", "a renewal", { type: "renewal", ...on }],
  ["orders_create", "a cancellation", { type: "cancellation", ...on }],
  ["orders_estimate", "a sale", { customerId: "1002101", products: [seats] }],
];

/** Values by member that refer to existing data. The first that differs from the present value is used. */
const values: Record<string, readonly unknown[]> = {
  ...{
    status: ["creditHold", "completed"],
    creditCheck: [false],
    autorenewal: [false],
    renewalStatus: [false],
    format: ["xlsx"],
    amount: ["3.10", "4.10"],
  },
  ...{ marketplace: ["uk"], language: ["fi"], countryCode: ["DK"], currency: ["USD"], taxRegId: ["FI1"] },
  ...{ externalId: ["X-1"], taxationProviderName: ["Other"], customerClass: ["Per Account"], vendor: ["Other"] },
  ...{ newMPN: ["NSB-2001-M"], newId: ["500202"], newProductId: ["500202"], mpn: ["NSB-2001-M"] },
  ...{ email: ["other@pebble.example"], login: ["other@pebble.example"], password: ["Str0ng-enough!"] },
  ...{ name: ["Another"], customizationName: ["Accounts"], scheduledOn: ["renewal"], migrationDate: ["2026-11-01"] },
  ...{ planId: ["200130"], newSubscription: [{ id: 700401 }], coterming: [false], attributes: [{ note: "new" }] },
  ...{ billingPeriod: [{ type: "day", duration: 5 }], subscriptionPeriod: [{ type: "day", duration: 5 }] },
  ...{ parameters: [[{ name: "tenant_preference", value: "existing" }]] },
};

/** Members whose effect cannot be read back, each with its reason. */
const silent: [call: RegExp, member: RegExp, reason: string][] = [
  [/^(customers|resellers)_update/, /^id$/, "It names the account that the path names; another one is noted."],
  [/^token_create/, /^marketplace$/, "It is in the token, which is new at each sign-in."],
  [
    /./,
    /contactPersons\.0\.(login|password)$/,
    "A login and a first password are never given back (CUST-05, CUST-06).",
  ],
  [/^orders/, /^products\.0\.name$/, "A product's name is for people: its id or part number says which it is."],
  [/^validation/, /^(type|products\.0\.quantity)$/, "No product here asks for other parameters by them."],
  [
    /^orders_\w+ of (a change|a switch|a partial upgrade|a renewal|a cancellation)$/,
    /^(products|products\.0\.subscriptionId)$/,
    "It names the order's own subscription again; another one is refused.",
  ],
  [
    /^orders_estimate/,
    /^(poNumber|attributes|creditCheck|billingModel|(last|next)BillingDate|autorenewal|startDate|expirationDate|planId)$/,
    "Nothing is placed that could show it.",
  ],
  [
    /^orders_estimate/,
    /^(upgradeStartType|alignExpirationDate.*|products\.0\.(specialProviderCost|newSubscription).*)$/,
    "It changes what is created, and nothing that is paid first.",
  ],
];

/** A valid value of a schema that differs from the present one. */
function sampleOf(node: Reference<Schema>, name: string, present: unknown): unknown {
  const { types, examples, values: listed, items, members, properties } = mergedSchema(document, node);
  const candidates = [...(values[name] ?? []), ...(listed ?? []).toReversed(), ...examples].filter(
    (value) =>
      value !== null &&
      Array.isArray(value) === Boolean(items) &&
      (listed === undefined || listed.includes(value)) &&
      // The default of a partial upgrade.
      (value !== "MOVE" || listed?.length === 1),
  );
  const other = candidates.find((value) => JSON.stringify(value) !== JSON.stringify(present));
  if (other !== undefined) return other;
  if (items) return [sampleOf(items, name, undefined)];
  if (properties.size) {
    const filled = [...properties].flatMap(([key, { schema, required }]) =>
      required ? [[key, sampleOf(schema, key, undefined)] as const] : [],
    );
    return Object.fromEntries(filled);
  }
  if (members) return { note: "a new one" };
  if (types.includes("boolean")) return !present;
  if (types.includes("number") || types.includes("integer")) return Number(present ?? 0) + 3;
  return "a new one";
}

/** Every member of a schema, with its path and a body that has it. */
function* membersOf(node: Reference<Schema>, body: unknown, path: string): Generator<[path: string, body: unknown]> {
  const { properties, items } = mergedSchema(document, node);
  if (items) {
    const [first, ...rest] = (body as unknown[] | undefined) ?? [];
    for (const [at, changed] of membersOf(items, first ?? sampleOf(items, "", undefined), `${path}.0`)) {
      yield [at, [changed, ...rest]];
    }
    return;
  }
  for (const [name, { schema }] of properties) {
    const at = path === "" ? name : `${path}.${name}`;
    const { [name]: present, ...others } = body as Json;
    const value = sampleOf(schema, name, present);
    yield [at, { ...others, [name]: value }];
    for (const [deeper, changed] of membersOf(schema, present ?? value, at))
      yield [deeper, { ...others, [name]: changed }];
  }
}

const DAY = 86_400_000;

/** Everything that the mock returns after a number of days each, as text. Lazy, as the first difference ends a comparison. */
async function* shownBy(sandbox: Sandbox, imcloud: ImcloudClient, days: readonly number[]): AsyncGenerator<string> {
  for (const more of days) {
    await sandbox.advance(more * DAY);
    yield JSON.stringify([
      (await imcloud.customers.list()).data,
      (await imcloud.resellers.list()).data,
      await Array.fromAsync(imcloud.orders.details({ customerId: "1002101" })),
      await Array.fromAsync(imcloud.subscriptions.details({ customerId: "1002101" })),
      await imcloud.customers.get("1002101"),
      await imcloud.resellers.get("1000010"),
    ]);
  }
}

/** Sends a body, and returns the noted problems and the state afterwards. */
async function outcomeOf(operation: string, body: Json) {
  const sandbox = createSandbox({ speed: 0 });
  const imcloud = createClient({ ...sandbox.connection, rateLimit: false, retry: false });
  const named = operations.find(({ id }) => id === operation) ?? expect.fail(operation);
  const { method } = named;
  // Only an open order can be updated.
  const open =
    operation === "orders_update" && (await imcloud.orders.create({ customerId: "1002101", products: [seats] }));
  const target = open ? `/orders/${open.id}` : knownPath(named);
  const auth = operation === "token_create" ? { headers: basicOf(sandbox.connection) } : {};
  const response = await imcloud
    .request(method.toUpperCase(), target, { body, ...auth } as never)
    .catch((error) => ({ error: String(error) }));
  const { status, problems = [] } = sandbox.requests().findLast(({ operation: id }) => id === operation) ?? {};
  const changesNothing = /estimate|validation|token/.test(operation);
  return {
    ...{ status, problems },
    response: JSON.stringify(operation === "token_create" ? { status } : response),
    shown: shownBy(sandbox, imcloud, changesNothing ? [] : [3, 363]),
  };
}

const basicOf = ({ auth: { username, password } }: { auth: { username: string; password: string } }) => ({
  authorization: `Basic ${btoa(`${username}:${password}`)}`,
});

const isNoted = (problems: readonly string[], member: string) =>
  problems.some(
    (problem) =>
      member.split(".").some((_, at, steps) => problem.includes(`"${steps.slice(0, at + 1).join(".")}"`)) ||
      problem.startsWith(`${member.split(".")[0]} `),
  );

/** Whether the state is as before. Stops at the first difference. */
async function isSame(shown: AsyncIterable<string>, before: readonly string[]): Promise<boolean> {
  let at = 0;
  for await (const text of shown) if (text !== before[at++]) return false;
  return true;
}

test.each(bodies)("%s of %s ignores no member without a note", async (operation, kind, base) => {
  const { operation: definition } = operations.find(({ id }) => id === operation) ?? expect.fail(operation);
  const body = definition.requestBody && resolve(document, definition.requestBody);
  const schema = body?.content["application/json"]?.schema ?? expect.fail("It has no body.");
  const before = await outcomeOf(operation, base);
  const shownBefore = await Array.fromAsync(before.shown);
  expect([before.status, before.problems.filter((problem) => problem.startsWith("body member"))]).toEqual([200, []]);
  const dropped: string[] = [];
  for (const [member, changed] of membersOf(schema, base, "")) {
    if (silent.some(([call, pattern]) => call.test(`${operation} of ${kind}`) && pattern.test(member))) continue;
    const { status, problems, response, shown } = await outcomeOf(operation, changed as Json);
    if (status !== 200 || isNoted(problems, member) || response !== before.response) continue;
    if (await isSame(shown, shownBefore)) dropped.push(member);
  }
  expect(dropped).toEqual([]);
});
