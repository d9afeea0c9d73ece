import { must, oneOf, readable, text, wholeNumber, wholeText } from "@imcloud/options";
import { defined } from "../defined.ts";
import type { QueryRule } from "./operation.ts";

const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());

/** A day, or a time of one. */
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Whether a text begins with a day that exists. `Date` silently reads the 30th of February as a day of March. */
const isDay = (value: string): boolean => {
  const day = new Date(`${value.slice(0, 10)}T00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value.slice(0, 10));
};

const isTime = (value: unknown): value is string =>
  typeof value === "string" && ISO_8601.test(value) && !Number.isNaN(Date.parse(value)) && isDay(value);

const time = /* @__PURE__ */ must("a Date or a time in ISO 8601", (value: string) => isDate(value) || isTime(value));

const day = /* @__PURE__ */ must(
  "a Date or a day such as 2026-01-31",
  (value: string) => isDate(value) || (isTime(value) && value.length === 10),
);

/** A day in UTC, or a time. */
const toTime = (rule: QueryRule, value: unknown): unknown =>
  rule === "date" && isDate(value) ? value.toISOString().slice(0, 10) : value;

/** Refuses a query value that the API would ignore, and respond with everything. */
function checkValue(rule: QueryRule, value: unknown, name: string): void {
  const least = name.endsWith("limit") ? 1 : 0;
  if (rule === "integer") {
    must("a number", Number.isFinite)(value, name);
    wholeNumber(least)(value, name);
  } else if (typeof rule !== "string") oneOf(...rule)(value, name);
  else if (rule === "boolean") must("true or false", (given) => typeof given === "boolean")(value, name);
  else if (rule === "date") day(value, name);
  else if (rule !== "text") time(value, name);
  // Ids are digits: a number that is exact is one too. One of white space alone would filter nothing.
  else if (!Number.isSafeInteger(value)) text(typeof value === "string" ? value.trim() : value, name);
}

const isPlain = (value: unknown): boolean =>
  /^(string|boolean)$/.test(typeof value) || Number.isFinite(value) || isDate(value);

/** What a query can have of which the document knows nothing. */
const plain = /* @__PURE__ */ must(
  "a string, a number, true, false or a Date, or several",
  (value: unknown[]) =>
    isPlain(value) ||
    (Array.isArray(value) && value.some(isPlain) && value.every((each) => each === undefined || isPlain(each))),
);

type QueryRules = Readonly<Record<string, QueryRule>>;

/** @throws {@link TypeError} when the document does not have the name */
function ruleOf(operation: string, rules: QueryRules, name: string): QueryRule {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule !== undefined) return rule;
  const names = Object.keys(rules);
  const known = names.length ? `There are: ${names.join(", ")}.` : "It has none.";
  throw new TypeError(`${operation}: ${name} is not a filter. ${known}`);
}

/**
 * A query as the document has it. The API silently ignores a filter that it does not know, and responds with everything.
 * @param rules without them it can have any names
 * @throws {@link TypeError} for a name or a value that the document does not have
 */
export function checkQuery(operation: string, rules: QueryRules | undefined, query: object = {}): object {
  readable("an object of filters")(query, `The query of ${operation}`);
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const where = `${operation}: ${name}`;
      for (const each of [value].flat()) if (typeof each === "string") wholeText(each, where);
      const rule = rules && ruleOf(operation, rules, name);
      if (rule) checkValue(rule, value, where);
      else plain(value, where);
      return [name, rule ? toTime(rule, value) : value];
    }),
  );
}

const copyOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(copyOf) : value instanceof Date ? new Date(value) : value;

/** A copy of a query. A list is read after the call that made it, and its caller may change dates and arrays before that. */
export const copyQuery = <Query extends object>(query: Query): Query =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, copyOf(value)])) as Query;

/** A value of a query as it was before it became text. */
function fromText(rule: QueryRule, value: string): unknown {
  if (rule === "integer") return /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return rule === "boolean" && /^(true|false)$/.test(value) ? value === "true" : value;
}

/**
 * Checks the query of a URL or a path as {@link checkQuery} does.
 * @param more what is added to it
 * @throws {@link TypeError} for a name or a value that the document does not have, and for a name that comes twice
 */
export function checkSearch(operation: string, rules: QueryRules, url: string, more: object = {}): void {
  const at = url.indexOf("?");
  if (at < 0) return;
  const query = new URLSearchParams(url.slice(at));
  const names = [...query.keys(), ...Object.keys(defined(more))];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new TypeError(`${operation}: ${twice} can have one value in a call.`);
  for (const [name, value] of query) {
    const rule = ruleOf(operation, rules, name);
    checkValue(rule, fromText(rule, value), `${operation}: ${name}`);
  }
}
