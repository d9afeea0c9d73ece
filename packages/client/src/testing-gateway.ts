import { vi } from "vitest";
import { type ClientOptions, createClient } from "./index.ts";
import { applicationError, json } from "./testing.ts";

/** What happens to a write: whether the platform stores it, and which response the sender gets. */
export type Fate =
  | "well"
  | "lost"
  | "never came"
  | "late"
  | "timeout page"
  | "conflict"
  | "empty response"
  | "cut response"
  | "no id";

/** An order or a customer that the platform has stored. */
export interface Kept {
  id: unknown;
  type?: string;
  customerId?: unknown;
  poNumber?: unknown;
  externalId?: unknown;
  name?: string;
  creationDate?: string;
  [member: string]: unknown;
}

export interface GatewayOptions {
  /** The fate of each write, counted from 1. By default all succeed. */
  fate?: (write: number) => Fate;
  /** It stores writes, and never responds. */
  hang?: boolean;
  /** Milliseconds before it responds to a write. */
  delayOf?: (write: number) => number;
  /** How it stores a `poNumber` or an `externalId`. */
  keep?: (text: string) => unknown;
  /** How it writes the type of an order. */
  typeOf?: (type: string) => string;
  /** Milliseconds by which the clock of its orders is ahead of the true time. */
  platformSkew?: number;
  /** Milliseconds by which its `Date` header is ahead; `"hidden"` for no header, as in a browser. */
  dateSkew?: number | "hidden";
  /** How it writes a time. */
  timeOf?: (time: Date) => string;
  /** Milliseconds until an order appears in the lists. */
  lag?: number;
  /** The `total` of a list, given its number of rows and how often a list was read. */
  totalOf?: ((count: number, lists: number) => unknown) | undefined;
  /** Its lists are oldest first. */
  isOldestFirst?: boolean;
  /** The most rows of a page, whatever the limit asked for. */
  largestPage?: number;
  /** Orders that exist from the start. */
  orders?: Kept[];
  customers?: Kept[];
  /** The reads that fail. */
  isDown?: (path: string, read: number) => boolean;
  /** Replaces the response to a read with a broken one. */
  breakRead?: (body: object, read: number) => Response | undefined;
  client?: Partial<ClientOptions>;
}

/** Milliseconds after which a write whose fate is `late` is stored. */
const LATE = 12_000;

/**
 * A gateway with a platform behind it, each with its own clock, under fake timers. The true time is that of the monotonic clock, which
 * tests cannot change; `Date` is the machine's clock and can be wrong.
 */
export function createGateway(options: GatewayOptions = {}) {
  const { fate = () => "well", keep = (text) => text, typeOf = (type) => type, lag = 0 } = options;
  const { platformSkew = 0, dateSkew = 0, timeOf = (time) => time.toISOString() } = options;
  const orders: (Kept & { visibleAt?: number })[] = [...(options.orders ?? [])];
  const customers: (Kept & { visibleAt?: number })[] = [...(options.customers ?? [])];
  const state = { writes: 0, reads: 0, lists: 0, details: 0 };
  const start = Date.now() - performance.now();
  let slept = 0;
  const trueTime = () => start + performance.now() + slept;

  const respond = (body: unknown, init: ResponseInit = {}) =>
    json(body, {
      ...init,
      headers: dateSkew === "hidden" ? {} : { date: new Date(trueTime() + dateSkew).toUTCString() },
    });

  function page(things: (Kept & { visibleAt?: number })[], params: URLSearchParams, hidden: string[]): Response {
    state.lists += 1;
    const offset = Number(params.get("offset") ?? 0);
    const limit = Math.min(Number(params.get("limit") ?? 10), options.largestPage ?? Number.POSITIVE_INFINITY);
    const visible = things.filter(({ visibleAt = 0 }) => visibleAt <= trueTime());
    if (options.isOldestFirst) visible.reverse();
    const rows = visible.map((thing) =>
      Object.fromEntries(Object.entries(thing).filter(([name]) => !["visibleAt", ...hidden].includes(name))),
    );
    const body = {
      data: rows.slice(offset, offset + limit),
      pagination: { offset, limit, total: options.totalOf ? options.totalOf(rows.length, state.lists) : rows.length },
    };
    return options.breakRead?.(body, state.reads) ?? respond(body);
  }

  async function create(path: string, sent: Record<string, unknown>): Promise<Response> {
    state.writes += 1;
    const outcome = fate(state.writes);
    const delay = options.delayOf?.(state.writes) ?? 0;
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
    const thing: Kept & { visibleAt?: number } = {
      ...sent,
      id: String(900_000 + state.writes),
      status: "processing",
      creationDate: timeOf(new Date(trueTime() + platformSkew)),
      visibleAt: trueTime() + lag,
    };
    if (path === "/orders") {
      thing.type = typeOf(String(sent.type));
      thing.poNumber = keep(String(sent.poNumber));
    } else thing.externalId = keep(String(sent.externalId));
    const into = path === "/orders" ? orders : customers;
    const keepIt = () => {
      thing.creationDate = timeOf(new Date(trueTime() + platformSkew));
      into.unshift(thing);
    };
    if (outcome === "conflict")
      return respond(applicationError("Order CH900001 is being provisioned"), { status: 500 });
    if (outcome === "late") setTimeout(keepIt, LATE);
    else if (outcome !== "never came") keepIt();
    if (options.hang) return new Promise(() => {});
    if (outcome === "well") return respond({ ...thing, visibleAt: undefined });
    if (outcome === "timeout page") return new Response("<html>504 Gateway Time-out</html>", { status: 504 });
    if (outcome === "empty response") return new Response("", { status: 200 });
    if (outcome === "cut response") return new Response(JSON.stringify(thing).slice(0, 20), { status: 200 });
    if (outcome === "no id") return respond({});
    throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
  }

  const imcloud = createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    rateLimit: false,
    ...options.client,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/token") return respond({ token: "t", expiresInSeconds: 15_000 });
      if (request.method === "POST") return create(pathname, await request.json());
      state.reads += 1;
      if (options.isDown?.(pathname, state.reads)) return respond({ message: "down" }, { status: 400 });
      const [, kind, id] = pathname.split("/");
      const things = kind === "orders" ? orders : customers;
      if (id) {
        state.details += 1;
        const thing = things.find((each) => String(each.id) === id);
        const broken = thing && options.breakRead?.(thing, state.reads);
        if (broken) return broken;
        return thing ? respond({ ...thing, visibleAt: undefined }) : respond({ message: "none" }, { status: 404 });
      }
      const customerId = searchParams.get("customerId");
      const externalId = searchParams.get("externalId");
      const rows = things.filter(
        (each) =>
          (!customerId || String(each.customerId) === customerId) && (!externalId || each.externalId === externalId),
      );
      // List rows of orders lack some fields.
      return page(rows, searchParams, ["poNumber", "products"]);
    },
  });

  return {
    imcloud,
    orders,
    customers,
    state,
    /** Moves the machine's clock, as a time synchronization does. */
    correctClock: (by: number) => void vi.setSystemTime(Date.now() + by),
    /** Lets time pass while the machine sleeps: its monotonic clock stops. */
    sleepMachine(milliseconds: number) {
      slept += milliseconds;
      vi.setSystemTime(Date.now() + milliseconds);
    },
  };
}

/** The known forms in which the API writes a time. */
export const timeForms: ((time: Date) => string)[] = [
  (time) => time.toISOString(),
  (time) => `${time.toISOString().slice(0, 19)}Z`,
  (time) => time.toISOString().replace("Z", "+00:00"),
  (time) => `${time.toISOString().slice(0, 19).replace("T", " ")}+00:00`,
  (time) => time.toISOString().slice(0, 19).replace("T", " "),
  (time) => new Date(time.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace("T", " "),
  (time) => new Date(time.getTime() - 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " "),
];
