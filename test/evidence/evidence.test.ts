import { type Reference, resolve } from "@imcloud/openapi-tools/document";
import { describe, expect, test } from "vitest";
import { document, operations } from "../support/document.ts";
import { nameOf, nonNull, propertiesOf, requiredOf, type Schema, schemas, typesOf } from "./schema.ts";
import { decisionTable, facts, words } from "./tables.ts";

const find = (method: string | undefined, path: string | undefined) =>
  operations.find((operation) => operation.method === method?.toLowerCase() && operation.path === path);

function bodyOf(operation: ReturnType<typeof find>): Reference<Schema> {
  const body = operation?.operation.requestBody && resolve(document, operation.operation.requestBody);
  return (body?.content["application/json"]?.schema ?? {}) as Reference<Schema>;
}

describe("integration guide", () => {
  test.each(facts("guide").map((row) => [`${row.method} ${row.path}`, row] as const))("%s", (_name, row) => {
    const operation = find(row.method, row.path);
    const parameters = operation?.parameters.map(({ name }) => name);
    expect(parameters).toEqual(expect.arrayContaining(words(row.parameters)));
    const fields = Object.keys(propertiesOf(bodyOf(operation)));
    expect(fields).toEqual(expect.arrayContaining(words(row["body fields"])));
  });

  test.each(decisionTable("0004-names", "the guide").map((row) => [row["the guide"], row] as const))(
    "names %s",
    (_name, row) => {
      const properties = propertiesOf(schemas[String(row.ours)] ?? {});
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(words(row["its fields"])));
    },
  );
});

const names = new Map(
  decisionTable("0004-names", "the vendor").map((row) => [
    row["the vendor"],
    { read: row["ours to read"], send: row["ours to send"] },
  ]),
);
const oneSided = new Map(decisionTable("0003-reading-and-sending", "property").map((row) => [row.property, row.only]));

/** Properties that the vendor requires but that have a default, so that requests can omit them. */
const withDefault = new Set(decisionTable("0011-requests", "property").map(({ property }) => property));
/** Request enums that have fewer values than the vendor's. */
const shortened = new Map(
  decisionTable("0013-ends-and-holds", "property").map((row) => [row.property, words(row.values)]),
);

/** The schemas of list rows that have fewer fields than the vendor's document says. */
const rowsOf = new Map(
  decisionTable("0009-thin-rows", "the vendor's list").map((row) => [row["the vendor's list"], row["ours to read"]]),
);

type Side = "read" | "send";

/** Whether a vendor property is read, sent or both, by its marks and our decisions. */
function sidesOf(row: Record<string, string>): Side[] {
  const only = oneSided.get(`${row.schema}.${row.property}`);
  const marked = row.access === "readOnly" ? "read" : row.access === "writeOnly" ? "send" : undefined;
  const wanted = only ?? marked;
  // The vendor shares parts between requests and responses, so the parts' marks do not count where only one side exists.
  const existing = (["read", "send"] as const).filter((side) => names.get(row.schema)?.[side] !== "-");
  return existing.length === 1 || !wanted ? existing : existing.filter((side) => side === wanted);
}

/** Whether our property has the vendor's type. */
function hasType(ours: Reference<Schema>, vendor: string, side: Side): boolean {
  const array = /^(.*)\[\]$/.exec(vendor)?.[1];
  if (array) {
    const { items } = resolve(document, nonNull(ours));
    return items !== undefined && hasType(items, array, side);
  }
  if (vendor === "object") return typesOf(ours).length === 0;
  if (vendor.startsWith("map<")) return resolve(document, nonNull(ours)).additionalProperties !== undefined;
  const named = names.get(vendor);
  if (named) return nameOf(ours) === named[side];
  const types = typesOf(ours);
  // In responses a quantity is any number: decision 3.
  return types.includes(vendor.replace(/<.*>/, "")) || (vendor.startsWith("integer") && types.includes("number"));
}

describe("vendor's document", () => {
  test.each(facts("operations").map((row) => [`${row.method} ${row.path}`, row] as const))("%s", (_name, row) => {
    const operation = find(row.method, row.path);
    const listed = words(row["parameters (in:name:type, * = required)"])
      .map((parameter) => parameter.split(":")[1]?.replace("*", ""))
      // Our document has it as a security scheme, because it is optional.
      .filter((name) => name !== "X-Subscription-Key");
    expect(operation?.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(listed));
    const sent = names.get(row["request body"] ?? "")?.send;
    expect(nameOf(bodyOf(operation))).toBe(sent);
    const responses = Object.values(operation?.operation.responses ?? {}).map((response) =>
      resolve(document, response),
    );
    const success = nameOf(responses[0]?.content?.["application/json"]?.schema as Reference<Schema>);
    const isEstimate = operation?.id === "orders_estimate";
    expect(success).toBe(isEstimate ? "OrderEstimate" : names.get(row["response body"] ?? "")?.read);
  });

  const properties = facts("schemas").filter(({ property }) => property !== "(extends)");
  test.each(properties.map((row) => [`${row.schema}.${row.property}`, row] as const))("%s", (_name, row) => {
    const sides = sidesOf(row);
    expect(sides).not.toEqual([]);
    for (const side of sides) {
      const schema = schemas[String(names.get(row.schema)?.[side])] ?? {};
      const ours = propertiesOf(schema)[String(row.property)];
      if (!ours) throw new Error(`${names.get(row.schema)?.[side]} lacks ${row.property}.`);
      const rows = row.property === "data" && rowsOf.get(row.schema);
      if (rows) expect(nameOf(resolve(document, ours).items)).toBe(rows);
      else expect(hasType(ours, String(row.type), side), `has the type ${row.type}`).toBe(true);
      const where = `${row.schema}.${row.property}`;
      const isOptional = side === "send" && withDefault.has(where);
      if (row.required === "yes" && !isOptional) expect(requiredOf(schema)).toContain(row.property);
      if (isOptional) expect(resolve(document, nonNull(ours))).toHaveProperty("default");
      if (!row.enum) continue;
      const { items, ...own } = resolve(document, nonNull(ours));
      const { enum: closed, "x-extensible-enum": open } = items ? resolve(document, items) : own;
      const all = row.enum.split("|").filter((value) => side === "read" || value !== "unknown");
      const values = (side === "send" && shortened.get(where)) || all;
      // Values beyond the vendor's list need a decision, which the drift tests check.
      if (side === "read") expect(open).toEqual(expect.arrayContaining(values));
      else expect(closed?.filter((value) => value !== null)).toEqual(values);
    }
  });
});
