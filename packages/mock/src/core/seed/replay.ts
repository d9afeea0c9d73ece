import { matchPath } from "../document/router.ts";
import { optionError } from "../option-names.ts";
import type { FixtureKind, Fixtures } from "./fixtures.ts";

/** Calls that were recorded as HTTP Archive (HAR 1.2), by a browser or by `imcloud-mock proxy --har`. */
export interface HttpArchive {
  log: { entries: readonly HarEntry[] };
}

/** A call of an archive: the members that are read. */
export interface HarEntry {
  startedDateTime?: string;
  request: { method: string; url: string };
  /** A browser leaves out the content of a response that was blocked, failed, or too large for it. */
  response: {
    status: number;
    headers?: readonly { name: string; value: string }[];
    content?: { text?: string; encoding?: string };
  };
}

/** The data that a recording contains. */
export interface Recording {
  fixtures: Fixtures;
  /** Milliseconds since 1970 of its last call; `undefined` where no call tells its time. */
  time: number | undefined;
  /** Where a thing of the fixtures comes from, for messages: `customers "71" of log.entries[4]`. */
  placeOf(kind: FixtureKind, at: number): string;
}

type Thing = Record<string, unknown> & { id: string };

/** A record as the calls showed it, and the last call that did. */
interface Told {
  thing: Thing;
  entry: number;
}

const kinds: readonly FixtureKind[] = [
  "resellers",
  "customers",
  "plans",
  "products",
  "subscriptions",
  "orders",
  "reports",
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isThing = (value: unknown): value is Thing => isObject(value) && typeof value.id === "string";

/** @throws {@link TypeError} when it is not an archive */
function entriesOf(har: unknown): readonly HarEntry[] {
  const entries = isObject(har) && isObject(har.log) ? har.log.entries : undefined;
  if (!Array.isArray(entries))
    throw optionError(TypeError, (of) => `${of("replay")} is not an HTTP Archive: it has no log.entries.`);
  for (const [at, entry] of entries.entries()) {
    const { request, response } = isObject(entry) ? entry : {};
    const isEntry = isObject(request) && typeof request.url === "string" && typeof request.method === "string";
    if (isEntry && isObject(response)) continue;
    const lacks = "has no request with a method and a url, or no response";
    throw optionError(TypeError, (of) => `${of("replay")}: log.entries[${at}] ${lacks}.`);
  }
  return entries;
}

/** What the things of a response are, by its path below whatever base URL: `orders` for `/marketplace/eu/resellers/5/orders`. */
function kindOf({ request: { method, url } }: HarEntry): FixtureKind | undefined {
  if (!URL.canParse(url)) return undefined;
  const segments = new URL(url).pathname.split("/").filter(Boolean);
  for (let at = 0; at < segments.length; at++) {
    const match = matchPath(method, `/${segments.slice(at).join("/")}`);
    if (match.kind !== "match") continue;
    const names = match.value.path.split("/");
    return kinds.findLast((kind) => names.includes(kind) && names.lastIndexOf(kind) === lastKind(names));
  }
  return undefined;
}

const lastKind = (names: readonly string[]): number =>
  names.findLastIndex((name) => kinds.includes(name as FixtureKind));

/** A header of a response. An archive that somebody has trimmed has none. */
function headerOf({ response: { headers } }: HarEntry, name: string): unknown {
  if (!Array.isArray(headers)) return undefined;
  return headers.find((header) => isObject(header) && String(header.name).toLowerCase() === name)?.value;
}

function bodyOf({ response: { status, content } }: HarEntry): unknown {
  if (status < 200 || status > 299 || typeof content?.text !== "string") return undefined;
  try {
    const { text, encoding } = content;
    if (String(encoding).toLowerCase() !== "base64") return JSON.parse(text);
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0))));
  } catch {
    return undefined;
  }
}

/** A copy without what was redacted when it was recorded. */
function withoutHidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHidden);
  if (!isObject(value)) return value;
  const shown = Object.entries(value).filter(([, member]) => member !== "[redacted]" && member !== null);
  return Object.fromEntries(shown.map(([name, member]) => [name, withoutHidden(member)]));
}

/** What stands for what a row of a list does not tell of an account. */
const ACCOUNT = {
  address: { streetAddress: "Unknown", postalCode: "00000", city: "Unknown", countryCode: "US" },
  contactPersons: [
    {
      type: "admin",
      firstName: "Not",
      lastName: "Recorded",
      email: "not@recorded.example",
      phoneNumber: "+10000000000",
    },
  ],
  language: "en",
};

/** The plan of a subscription whose plan was not recorded. */
const UNKNOWN_PLAN = 1;

/** What a thing of a kind has to have and a row may not tell, or a reference to it does not. */
const needed: Partial<Record<FixtureKind, (id: string) => object>> = {
  customers: (id) => ({ name: `Customer ${id}`, ...ACCOUNT }),
  resellers: (id) => ({ name: `Reseller ${id}`, ...ACCOUNT, currency: "USD" }),
  subscriptions: () => ({ planId: UNKNOWN_PLAN }),
};

const objectsIn = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isObject) : []);

/** What an order shows of its subscription. */
function subscriptionOf({ customerId, planId, subscriptions, products, subscriptionId }: Thing): object {
  const sold = objectsIn(products).filter((product) => product.subscriptionId === subscriptionId);
  const { billingPeriod, subscriptionPeriod } = sold[0] ?? {};
  const shown = {
    ...{ customerId, billingPeriod, subscriptionPeriod, status: "active" },
    planId: planId ?? objectsIn(subscriptions).find((each) => each.planId !== undefined)?.planId,
    products: sold.map(({ id, quantity, name, mpn, vendor }) => ({ id, quantity, name, mpn, vendor })),
  };
  return Object.fromEntries(Object.entries(shown).filter(([, member]) => member !== undefined));
}

/** What a product of a subscription tells of the product that was sold. */
function soldAs({ name, mpn, vendor, unitPrice, unitCost }: Record<string, unknown>): object {
  const flat = (money: unknown) => [{ ...(money as object), type: "recurring", model: "FLAT", lowerLimit: 1 }];
  const told = {
    ...{ name, mpn, vendor },
    prices: isObject(unitPrice) ? flat(unitPrice) : undefined,
    costs: isObject(unitCost) ? flat(unitCost) : undefined,
  };
  return Object.fromEntries(Object.entries(told).filter(([, member]) => member !== undefined));
}

/** Records that others refer to: that they exist, and little more. */
function* referencesOf(kind: FixtureKind, thing: Thing): Generator<[FixtureKind, Thing], void, undefined> {
  const reference = (to: FixtureKind, id: unknown, more: object = {}): [FixtureKind, Thing][] =>
    typeof id === "string" || typeof id === "number" ? [[to, { id: String(id), ...more }]] : [];
  yield* reference("resellers", kind === "customers" && thing.resellerId);
  if (kind !== "subscriptions" && kind !== "orders" && kind !== "products") return;
  yield* reference("customers", thing.customerId);
  yield* reference("plans", thing.planId ?? (kind === "subscriptions" && UNKNOWN_PLAN));
  if (kind === "orders") yield* reference("subscriptions", thing.subscriptionId, subscriptionOf(thing));
  const parts = kind === "products" ? thing.dependsOn : thing.products;
  for (const part of Array.isArray(parts) ? parts : []) {
    if (isObject(part)) yield* reference("products", part.id, kind === "subscriptions" ? soldAs(part) : {});
  }
}

const isNumbered = (things: readonly Told[]) => things.every(({ thing }) => /^\d+$/.test(thing.id));

/** Oldest first: ids are given out in order, and where they are no numbers, lists are newest first. */
function inOrder(told: ReadonlyMap<string, Told>): Told[] {
  const things = [...told.values()];
  if (!isNumbered(things)) return things.reverse();
  return things.sort((one, other) => Number(one.thing.id) - Number(other.thing.id));
}

/**
 * The data that recorded calls contain: each record as the last calls showed it. A record that is only referred to has its id; what a row
 * does not show of an account is filled in.
 * @param isTime whether a clock can start then; a call at any other time does not tell when it was
 * @throws {@link TypeError} when it is not an archive
 */
export function recordingOf(har: unknown, isTime: (milliseconds: number) => boolean): Recording {
  const told = new Map(kinds.map((kind) => [kind, new Map<string, Told>()]));
  const known = (kind: FixtureKind) => told.get(kind) as Map<string, Told>;
  // By the clock of the API, which those that recorded need not share; by theirs where no response tells it.
  const times: { api?: number; own?: number } = {};
  const see = (clock: keyof typeof times, at: number) => {
    if (isTime(at)) times[clock] = Math.max(times[clock] ?? at, at);
  };
  for (const [entry, recorded] of entriesOf(har).entries()) {
    see("own", Date.parse(String(recorded.startedDateTime)));
    const kind = kindOf(recorded);
    if (kind) see("api", Date.parse(String(headerOf(recorded, "date"))));
    const body = kind && withoutHidden(bodyOf(recorded));
    if (!kind || !isObject(body)) continue;
    for (const thing of (Array.isArray(body.data) ? body.data : [body]).filter(isThing)) {
      known(kind).set(thing.id, { thing: { ...known(kind).get(thing.id)?.thing, ...thing }, entry });
    }
  }
  // What is referred to may refer to others: kinds come after those that refer to them.
  for (const kind of ["orders", "subscriptions", "products", "customers"] as const) {
    for (const { thing, entry } of [...known(kind).values()]) {
      for (const [to, reference] of referencesOf(kind, thing)) {
        const { thing: shown, entry: teller = entry } = known(to).get(reference.id) ?? {};
        known(to).set(reference.id, { thing: { ...reference, ...shown }, entry: teller });
      }
    }
  }
  const ordered = new Map(kinds.map((kind) => [kind, inOrder(known(kind))]));
  const things = kinds.map((kind) => [
    kind,
    (ordered.get(kind) ?? []).map(({ thing }) => ({ ...needed[kind]?.(thing.id), ...thing })),
  ]);
  return {
    fixtures: Object.fromEntries(things) as Fixtures,
    time: times.api ?? times.own,
    placeOf(kind, at) {
      const { thing, entry } = ordered.get(kind)?.[at] ?? {};
      return `${kind} ${JSON.stringify(thing?.id)} of log.entries[${entry}]`;
    },
  };
}
