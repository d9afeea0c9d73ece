import { describe, expect, test } from "vitest";
import { check, type Fault, type SchemaCheck } from "./fault.ts";
import { checkQuery, checkTexts, type QueryValues, readForm } from "./parameters.ts";
import type { ParameterTable, Shape } from "./tables.ts";

const list: Shape = { items: "primitive" };
const range: Shape = { properties: { from: "primitive", to: "primitive" } };
const filter: Shape = { properties: { status: "primitive", tags: list, size: range } };

/** A parameter that takes any value, and tells which it was given. */
function recorder(table: Partial<ParameterTable>) {
  const seen: unknown[] = [];
  const validate: SchemaCheck = (value) => seen.push(value) > 0;
  const parameter: ParameterTable = {
    ...{ name: "p", required: false, style: "form", explode: true, shape: "primitive", check: validate },
    ...table,
  };
  return { parameter, seen };
}

const notGiven = Symbol("not given");

function queryValue(table: Partial<ParameterTable>, query: QueryValues): unknown {
  const { parameter, seen } = recorder(table);
  const faults: Fault[] = [];
  checkQuery(faults, [parameter], query);
  return faults[0] ?? (seen.length ? seen[0] : notGiven);
}

function pathValue(table: Partial<ParameterTable>, text: string): unknown {
  const { parameter, seen } = recorder({ style: "simple", explode: false, ...table });
  const faults: Fault[] = [];
  checkTexts(faults, [parameter], "path", () => text);
  return faults[0] ?? (seen.length ? seen[0] : notGiven);
}

/** The table of styles of OpenAPI 3.1 §4.8.12.6, read backwards. */
describe("validateRequest, parameters in query", () => {
  test.each<[string, Partial<ParameterTable>, QueryValues, unknown]>([
    ["form", {}, { p: "blue" }, "blue"],
    ["form with a list", { shape: list }, { p: ["blue", "black"] }, ["blue", "black"]],
    ["form with a list of one", { shape: list }, { p: "blue,black" }, ["blue,black"]],
    ["form with a list in one", { shape: list, explode: false }, { p: "blue,black" }, ["blue", "black"]],
    ["form with an object", { shape: range }, { from: "1", to: "2", other: "3" }, { from: "1", to: "2" }],
    ["form with an object in one", { shape: range, explode: false }, { p: "from,1,to,2" }, { from: "1", to: "2" }],
    ["form with an object that is not there", { shape: range }, { other: "3" }, notGiven],
    ["spaceDelimited", { style: "spaceDelimited", explode: false, shape: list }, { p: "a b c" }, ["a", "b", "c"]],
    ["pipeDelimited", { style: "pipeDelimited", explode: false, shape: list }, { p: "a|b|c" }, ["a", "b", "c"]],
    ["pipeDelimited that is exploded", { style: "pipeDelimited", shape: list }, { p: ["a", "b"] }, ["a", "b"]],
    [
      "deepObject",
      { style: "deepObject", shape: filter },
      { "p[status]": "open", "p[tags][1]": "b", "p[tags][0]": "a", "p[size][from]": "1", "p[more]": "x", "q[a]": "y" },
      { status: "open", tags: ["a", "b"], size: { from: "1" }, more: "x" },
    ],
    ["deepObject that is not there", { style: "deepObject", shape: filter }, { p: "x", "pp[a]": "y" }, notGiven],
    [
      "deepObject with names of every object",
      { style: "deepObject", shape: range },
      { "p[toString]": "x" },
      { toString: "x" },
    ],
    ["JSON", { style: "json", shape: range }, { p: '{"from":1}' }, { from: 1 }],
    ["nothing after the equals sign", {}, { p: "" }, notGiven],
    ["a name that every object has", { name: "toString" }, {}, notGiven],
  ])("reads %s", (_what, table, query, value) => {
    expect(queryValue(table, query)).toEqual(value);
  });

  test("finds a fault of style in what is not JSON", () => {
    expect(queryValue({ style: "json" }, { p: "{" })).toMatchObject({ in: "query", name: "p", keyword: "style" });
  });

  test("finds a fault where a required parameter is missing", () => {
    expect(queryValue({ required: true }, { p: "" })).toMatchObject({ in: "query", name: "p", keyword: "required" });
  });
});

describe("validateRequest, parameters in path", () => {
  test.each<[string, Partial<ParameterTable>, string, unknown]>([
    ["simple", {}, "a,b", "a,b"],
    ["simple with a list", { shape: list }, "3,4,5", ["3", "4", "5"]],
    ["simple with an object", { shape: range }, "from,1,to,2", { from: "1", to: "2" }],
    ["simple with an object that is exploded", { shape: range, explode: true }, "from=1,to=2", { from: "1", to: "2" }],
    ["label", { style: "label" }, ".blue", "blue"],
    ["label with a list", { style: "label", shape: list }, ".3,4", ["3", "4"]],
    ["label with a list that is exploded", { style: "label", shape: list, explode: true }, ".3.4", ["3", "4"]],
    ["label with an object", { style: "label", shape: range, explode: true }, ".from=1.to=2", { from: "1", to: "2" }],
    ["matrix", { style: "matrix", name: "camelCase" }, ";camelCase=7", "7"],
    ["matrix with a list", { style: "matrix", shape: list }, ";p=3,4", ["3", "4"]],
    ["matrix with a list that is exploded", { style: "matrix", shape: list, explode: true }, ";p=3;p=4", ["3", "4"]],
    ["matrix with an object", { style: "matrix", shape: range, explode: true }, ";from=1;to=2", { from: "1", to: "2" }],
    ["an empty list", { shape: list }, "", []],
  ])("reads %s", (_what, table, text, value) => {
    expect(pathValue(table, text)).toEqual(value);
  });

  test.each<[string, Partial<ParameterTable>, string, string]>([
    ["label", { style: "label" }, "blue", 'must begin with "."'],
    ["matrix", { style: "matrix" }, "blue", 'must begin with ";p="'],
    ["matrix with a list", { style: "matrix", shape: list, explode: true }, ";p=3;q=4", 'must begin with "p="'],
  ])("finds a fault of style in a value that does not begin as %s does", (_what, table, text, message) => {
    expect(pathValue(table, text)).toEqual({ in: "path", name: "p", pointer: "", keyword: "style", message });
  });
});

describe("validateRequest, form bodies", () => {
  test("reads a form by the shapes of its properties", () => {
    const shape: Shape = { properties: { tags: list, name: "primitive" } };
    expect(readForm("tags=a&name=B+%26+C&more=1&more=2", shape)).toEqual({
      ...{ tags: ["a"], name: "B & C", more: ["1", "2"] },
    });
  });
});

describe("validateRequest, deep values", () => {
  test("finds a fault in a value that nests deeper than the stack, and does not throw", () => {
    const nested: SchemaCheck = (value) => !Array.isArray(value) || value.every((part) => nested(part));
    let deep: unknown[] = [];
    for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
    const faults: Fault[] = [];
    check(faults, nested, deep, "body");
    expect(faults).toMatchObject([{ in: "body", pointer: "", keyword: "maxDepth" }]);
  });
});
