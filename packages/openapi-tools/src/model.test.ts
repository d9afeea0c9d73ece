import { describe, expect, test } from "vitest";
import { type Document, endpointsOf, operationsOf, type Schema } from "./document.ts";
import { examplePathParameters, fillPath } from "./examples.ts";
import { fieldsOf, mergedSchema } from "./fields.ts";
import { httpMethods } from "./methods.ts";
import { mapSchema, reachedComponents, schemasIn, subschemasOf, walkSchema } from "./schema-walker.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object, examples: object = {}) => ({
  description: "",
  content: { "application/json": { schema, examples } },
});
const operation = (operationId: string, more: object) => ({
  operationId,
  summary: "",
  description: "",
  responses: {},
  ...more,
});

const document = {
  openapi: "3.1.1",
  info: { title: "Shelters", version: "1.0.0", description: "" },
  paths: {
    "/shelters/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
      get: operation("shelters_get", { responses: { 200: json(ref("Shelter"), { one: { value: { id: "s1" } } }) } }),
    },
    "/shelters/{id}/pets/{petId}": {
      parameters: [
        { name: "id", in: "path", required: true, schema: { type: "string" } },
        { name: "petId", in: "path", required: true, schema: { type: "string" } },
      ],
      get: operation("pets_get", { responses: { 200: json(ref("Pet"), { one: { value: { id: "p 1" } } }) } }),
      put: operation("pets_replace", {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
        requestBody: json(ref("Pet")),
        responses: { 204: { description: "" } },
      }),
    },
    "/kinds/{kind}": {
      get: operation("kinds_get", {
        parameters: [{ name: "kind", in: "path", required: true, schema: { type: "string", examples: ["cat"] } }],
        responses: { 200: json(ref("Never")) },
      }),
    },
    "/noises/{noise}": {
      get: operation("noises_get", { parameters: [{ name: "noise", in: "path", required: true }] }),
    },
  },
  components: {
    schemas: {
      Thing: { type: "object", required: ["id"], properties: { id: { type: "string", readOnly: true } } },
      Pet: {
        allOf: [ref("Thing")],
        required: ["name"],
        properties: {
          name: { type: ["string", "null"], description: "What it hears.", maxLength: 20 },
          kind: { ...ref("Kind"), description: "What it is." },
          mother: ref("Pet"),
          notes: { type: "object", additionalProperties: { type: "array", items: { type: "string", minLength: 1 } } },
          secret: { type: "string", writeOnly: true },
          either: {
            anyOf: [{ type: "object", required: ["a"], properties: { a: { type: "integer" } } }, { type: "string" }],
          },
        },
      },
      Kind: { type: "string", "x-extensible-enum": ["cat", "dog"] },
      Shelter: { type: "object", properties: { pets: { type: "array", items: ref("Pet") } } },
      Never: { type: "object", properties: { properties: { type: "object", properties: { items: ref("Kind") } } } },
      Alone: { type: "string" },
    },
  },
} as unknown as Document;

const schemas = document.components?.schemas as Record<string, Schema>;

describe("operationsOf", () => {
  test("finds every method, and an operation's parameter in the place of its path's", () => {
    expect(operationsOf(document).map(({ id, method }) => `${id} ${method}`)).toEqual([
      "shelters_get get",
      "pets_get get",
      "pets_replace put",
      "kinds_get get",
      "noises_get get",
    ]);
    const [, , replace] = operationsOf(document);
    expect(replace?.parameters.map(({ name, schema }) => [name, schema])).toEqual([
      ["id", { type: "integer" }],
      ["petId", { type: "string" }],
    ]);
  });

  test.each(httpMethods)("a document can have %s", (method) => {
    const all = endpointsOf({ ...document, paths: { "/a": { [method]: operation("a_b", {}) } } } as Document);
    expect(all.map(({ method }) => method)).toEqual([method]);
  });

  test("refuses an id of another form", () => {
    const paths = { "/a": { get: operation("listPets", {}) } } as unknown as Document["paths"];
    expect(() => operationsOf({ ...document, paths })).toThrow("operationId listPets must be <resource>_<method>.");
  });
});

describe("examplePathParameters", () => {
  test("takes each parameter from the example of what it names, or from its own", () => {
    const [, , replace, kinds] = operationsOf(document);
    expect(replace && examplePathParameters(document, replace)).toEqual({ id: "s1", petId: "p 1" });
    expect(kinds && examplePathParameters(document, kinds)).toEqual({ kind: "cat" });
  });

  test("says which parameter no example shows", () => {
    const noises = operationsOf(document).at(-1);
    expect(() => noises && examplePathParameters(document, noises)).toThrow(
      "No example shows what {noise} of /noises/{noise} names.",
    );
  });

  test("values in a path are percent-encoded", () => {
    expect(fillPath("/shelters/{id}/pets/{petId}", { id: "s1", petId: "a/b c" })).toBe("/shelters/s1/pets/a%2Fb%20c");
  });
});

describe("subschemasOf", () => {
  test("takes a property that is called like a keyword for a property", () => {
    expect(subschemasOf(schemas.Never ?? {}).map(({ path }) => path)).toEqual([["properties", "properties"]]);
  });

  test("knows every keyword that holds a schema, and no value that only looks like one", () => {
    const schema = {
      enum: [{ type: "string" }],
      examples: [{ properties: {} }],
      items: { type: "string" },
      prefixItems: [{}, true],
      not: {},
      additionalProperties: false,
      dependentSchemas: { a: {} },
      $defs: { b: {} },
    };
    expect(subschemasOf(schema).map(({ path }) => path.join("/"))).toEqual([
      "items",
      "prefixItems/0",
      "not",
      "dependentSchemas/a",
      "$defs/b",
    ]);
  });
});

describe("walkSchema", () => {
  test("enters every component once, and says where each schema stands in it", () => {
    const places: string[] = [];
    walkSchema(document, ref("Shelter"), ({ component, path }) => places.push([component, ...path].join("/")));
    expect(places).toEqual([
      "Shelter",
      "Shelter/properties/pets",
      "Pet",
      "Thing",
      "Thing/properties/id",
      "Pet/properties/name",
      "Kind",
      "Pet/properties/notes",
      "Pet/properties/notes/additionalProperties",
      "Pet/properties/notes/additionalProperties/items",
      "Pet/properties/secret",
      "Pet/properties/either",
      "Pet/properties/either/anyOf/0",
      "Pet/properties/either/anyOf/0/properties/a",
      "Pet/properties/either/anyOf/1",
    ]);
  });

  test("reaches what operations use, and nothing that none does", () => {
    expect([...reachedComponents(document, [ref("Shelter")])]).toEqual(["Shelter", "Pet", "Thing", "Kind"]);
    expect(schemasIn(document)).toContain(schemas.Kind);
    expect(schemasIn(document)).not.toContain(schemas.Alone);
  });
});

test("mapSchema changes each schema of a copy, from the inside out", () => {
  const marked = mapSchema(schemas.Never ?? {}, (schema) => ({ ...schema, inside: Object.keys(schema) }));
  expect(marked).toMatchObject({
    inside: ["type", "properties"],
    properties: { properties: { properties: { items: { ...ref("Kind"), inside: ["$ref"] } } } },
  });
  expect(schemas.Never).not.toHaveProperty("inside");
});

describe("fieldsOf", () => {
  const places = (direction: "request" | "response") =>
    fieldsOf(document, ref("Pet"), direction).map(({ place, required }) => place + (required ? "!" : ""));

  test("leaves out of each direction what is marked for the other, and enters a schema within itself once", () => {
    expect(places("response")).toEqual([
      "id!",
      "name!",
      "kind",
      "mother",
      "notes",
      "notes.*",
      "notes.*[]",
      "either",
      "either.a",
    ]);
    expect(places("request")).toEqual([
      "name!",
      "kind",
      "mother",
      "notes",
      "notes.*",
      "notes.*[]",
      "secret",
      "either",
      "either.a",
    ]);
  });

  test("says of each field what it is", () => {
    const fields = new Map(fieldsOf(document, ref("Pet"), "response").map((field) => [field.place, field]));
    expect(fields.get("id")).toMatchObject({ declaredBy: "Thing", types: ["string"], readOnly: true });
    expect(fields.get("name")).toMatchObject({ nullable: true, types: ["string"], constraints: { maxLength: 20 } });
    expect(fields.get("kind")).toMatchObject({
      description: "What it is.",
      component: "Kind",
      values: ["cat", "dog"],
      isOpen: true,
    });
    expect(fields.get("notes.*[]")).toMatchObject({ name: "[]", constraints: { minLength: 1 } });
  });

  test("what stands beside a reference counts in 3.1 and not in 3.0", () => {
    const marked = { ...ref("Kind"), readOnly: true };
    expect(mergedSchema(document, marked).readOnly).toBe(true);
    expect(mergedSchema({ ...document, openapi: "3.0.3" }, marked).readOnly).toBe(false);
  });

  test("what one of several alternatives alone requires is not required", () => {
    const { properties, types } = mergedSchema(document, schemas.Pet?.properties?.either ?? {});
    expect(properties.get("a")?.required).toBe(false);
    expect(types).toEqual(["object", "string"]);
  });
});
