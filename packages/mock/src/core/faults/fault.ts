import { stopsAfter } from "../store/order-states.ts";
import type { OrderStatusCode } from "../store/records.ts";
import { MAX_DELAY } from "./delays.ts";

/** The kinds of faults, with their descriptions. */
export const faultKinds = {
  latency: "responds late, by `milliseconds`",
  rateLimit: "429, with `retryAfter` seconds or without",
  quota: "403 of the daily quota, with `retryAfter` seconds",
  conflict: "500 with a `message`; nothing is done",
  gatewayTimeout: "HTML 504 of the proxy, after the call was done",
  dropBefore: "breaks the connection before the call is done",
  dropAfter: "breaks the connection after the call was done",
  expiredToken: "401: the token of the call has expired",
  slowBody: "sends the body over `milliseconds`",
  cutBody: "breaks the connection in the middle of the body",
  orderError: "the order that is placed fails, and ends as `error`",
  orderStop: "the order that is placed stops at `statusCode`, for `milliseconds` or until it is resumed",
} as const;

export type FaultKind = keyof typeof faultKinds;

/** A fault, and the calls that it applies to. @defaultValue all calls */
export interface Fault {
  kind: FaultKind;
  /** Id of an operation, for example `orders_create`. */
  operation?: string;
  /** The number of calls that it applies to. Without it, the fault stays until it is cleared. */
  count?: number;
  /** The probability that it applies to a call, from 0 to 1. The same `seed` always chooses the same calls. */
  probability?: number;
  seed?: number;
  /**
   * Duration in milliseconds, or a range of it.
   * @defaultValue 1,000
   */
  milliseconds?: number | { from: number; to: number };
  /**
   * Seconds for `Retry-After`; `false` leaves it out.
   * @defaultValue 30, and for the quota three hours
   */
  retryAfter?: number | false;
  message?: string;
  /** The status code at which an `orderStop` stops the order: HL, NP, WP, WA, SS, LO, MO or PF. */
  statusCode?: OrderStatusCode;
}

/** `Retry-After` has only digits; a larger number would be written with an exponent. */
const MAX_RETRY_AFTER = 2 ** 31 - 1;

function invalidFault(sentence: string): never {
  throw new TypeError(sentence);
}

const isWhole = (value: unknown, least: number) => Number.isInteger(value) && (value as number) >= least;

const checks: { [K in Exclude<keyof Fault, "kind">]: [isRight: (value: unknown) => boolean, what: string] } = {
  operation: [(value) => typeof value === "string" && value !== "", "the id of an operation"],
  count: [(value) => isWhole(value, 1), "a whole number from 1"],
  probability: [(value) => typeof value === "number" && value >= 0 && value <= 1, "a number from 0 to 1"],
  seed: [(value) => isWhole(value, 0), "a whole number"],
  milliseconds: [
    (value) =>
      isWhole(value, 0) ||
      (typeof value === "object" &&
        value !== null &&
        isWhole((value as { from: unknown }).from, 0) &&
        isWhole((value as { to: unknown }).to, (value as { from: number }).from)),
    "a whole number, or { from, to } of two",
  ],
  retryAfter: [
    (value) => value === false || (isWhole(value, 0) && (value as number) <= MAX_RETRY_AFTER),
    `a whole number of seconds up to ${MAX_RETRY_AFTER}, or false`,
  ],
  message: [(value) => typeof value === "string", "a text"],
  statusCode: [
    (value) => typeof value === "string" && Object.hasOwn(stopsAfter, value),
    `one of ${Object.keys(stopsAfter).join(", ")}`,
  ],
};

/**
 * Checks a fault.
 * @param operations the ids of all operations
 * @throws {@link TypeError} with a message for people
 */
export function parseFault(written: unknown, operations: ReadonlySet<string>): Fault {
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    return invalidFault("A fault is an object with a kind.");
  }
  const { kind, ...fields } = written as { kind?: unknown };
  if (typeof kind !== "string" || !Object.hasOwn(faultKinds, kind)) {
    return invalidFault(
      `There is no fault of kind ${JSON.stringify(kind)}; there are ${Object.keys(faultKinds).join(", ")}.`,
    );
  }
  for (const [name, value] of Object.entries(fields)) {
    const check = Object.hasOwn(checks, name) ? checks[name as keyof typeof checks] : undefined;
    if (!check) return invalidFault(`A fault has no ${name}; it has kind, ${Object.keys(checks).join(", ")}.`);
    if (!check[0](value)) return invalidFault(`A fault's ${name} must be ${check[1]}; got ${JSON.stringify(value)}.`);
  }
  const fault = { kind, ...fields } as Fault;
  if (fault.operation !== undefined && !operations.has(fault.operation)) {
    return invalidFault(`There is no operation ${fault.operation}; there are ${[...operations].join(", ")}.`);
  }
  if (fault.kind === "orderStop" && fault.statusCode === undefined) {
    return invalidFault(`A fault of kind orderStop needs a statusCode, one of ${Object.keys(stopsAfter).join(", ")}.`);
  }
  const { milliseconds = 0 } = fault;
  const longest = typeof milliseconds === "number" ? milliseconds : milliseconds.to;
  // An order stops by the mock's clock, which has no such limit.
  if (fault.kind !== "orderStop" && fault.kind !== "orderError" && longest > MAX_DELAY) {
    return invalidFault(`A fault of kind ${fault.kind} takes up to ${MAX_DELAY} milliseconds; got ${longest}.`);
  }
  return fault;
}

const QUOTED = String.raw`"(?:\\.|[^"\\])*"`;
const partsAt = (separator: string) => new RegExp(`(?:${QUOTED}|[^${separator}])+`, "g");
const [FAULTS, FIELDS] = [partsAt(","), partsAt(";")];

/** The parts of a text between separators that do not stand in quotes. */
const partsOf = (text: string, parts: RegExp): string[] => text.match(parts) ?? [""];

/** Parses a value in the header: a number, `false`, `10-50` for a range, or a text, which may stand in quotes. */
function wordOf(text: string): unknown {
  if (/^".*"$/s.test(text)) return text.slice(1, -1).replace(/\\(.)/gs, "$1");
  if (text === "false") return false;
  const range = /^(\d+)-(\d+)$/.exec(text);
  if (range) return { from: Number(range[1]), to: Number(range[2]) };
  return text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** Members that choose among calls, which are refused in the header, as its fault applies to its own call. */
const AMONG_CALLS = ["count", "probability", "seed"] as const;

/**
 * Parses the faults in a call's header: `latency; milliseconds=200, conflict; message="Order CH900304 is open; wait for it"`.
 * @throws {@link TypeError} with a message for people
 */
export function faultsOfHeader(header: string, operations: ReadonlySet<string>): Fault[] {
  return partsOf(header, FAULTS).map((part) => {
    const [kind = "", ...fields] = partsOf(part, FIELDS).map((word) => word.trim());
    const pairs = fields.map((field) => {
      const [name = "", ...value] = field.split("=");
      return [name.trim(), wordOf(value.join("=").trim())];
    });
    const fault = parseFault({ kind, ...Object.fromEntries(pairs) }, operations);
    const among = AMONG_CALLS.find((name) => fault[name] !== undefined);
    return among === undefined ? fault : invalidFault(`A call's own fault has no ${among}; leave it out.`);
  });
}
