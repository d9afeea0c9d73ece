import { must, oneOf, text } from "./check.ts";
import type { QueryRule } from "./operation.ts";

const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());

/** A day, or a time of one. */
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

const time = /* @__PURE__ */ must(
  "a Date or a time in ISO 8601",
  (value: string) => isDate(value) || (ISO_8601.test(value) && !Number.isNaN(Date.parse(value))),
);

/** A day in UTC, or a time. */
const toTime = (rule: QueryRule, value: unknown): unknown =>
  rule === "date" && isDate(value) ? value.toISOString().slice(0, 10) : value;

/** Refuses a query value that the API would ignore, and answer with everything. */
function checkValue(rule: QueryRule, value: unknown, name: string): void {
  // The API says itself what is out of bounds.
  if (rule === "integer") must("a number", Number.isFinite)(value, name);
  else if (typeof rule !== "string") oneOf(...rule)(value, name);
  else if (rule === "boolean") must("true or false", (given) => typeof given === "boolean")(value, name);
  else if (rule !== "text") time(value, name);
  // Ids are digits: a number that is exact is one too.
  else if (!Number.isSafeInteger(value)) text(value, name);
}

/**
 * A query as the document has it. The API silently ignores a filter that it does not know, and answers with everything.
 * @throws {@link TypeError} for a name or a value that the document does not have
 */
export function checkQuery(operation: string, rules: Readonly<Record<string, QueryRule>>, query: object = {}): object {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      const where = `${operation}: ${name}`;
      if (rule === undefined)
        throw new TypeError(`${where} is no filter. There are: ${Object.keys(rules).join(", ")}.`);
      checkValue(rule, value, where);
      return [name, toTime(rule, value)];
    }),
  );
}
