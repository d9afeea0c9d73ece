import { readFileSync } from "node:fs";
import { operationsOf, type Reference, resolve, type Schema } from "@imcloud/openapi-tools/document";
import { mergedSchema } from "@imcloud/openapi-tools/fields";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { document, operations } from "../support/document.ts";

const old = JSON.parse(readFileSync(new URL(import.meta.resolve("@imcloud/spec/openapi-3.0.json")), "utf8"));

/** Members that are no keywords of JSON Schema: extensions, and the containers that references point to. */
const ownWords = (node: object): string[] => [
  "components",
  ...new Set([...JSON.stringify(node).matchAll(/"(x-[a-z-]+)":/g)].map(([, name]) => String(name))),
];

/** Strict, and without what makes validators faster: they are compiled, and not used. */
const STRICT = { strict: true, strictRequired: true, inlineRefs: false, code: { optimize: false } };

describe.each([
  ["the document", document, new Ajv2020(STRICT), ownWords(document)],
  // OpenAPI 3.0 has `example`, which JSON Schema does not know.
  ["openapi-3.0.yaml", old, new Ajv(STRICT), [...ownWords(old), "example"]],
] as const)("schemas of %s", (_form, { components }, ajv, words) => {
  addFormats.default(ajv);
  for (const word of words) ajv.addKeyword(word);
  ajv.addSchema({ $id: "bundle", components: { schemas: components?.schemas } });

  test.each(Object.keys(components?.schemas ?? {}))("%s compiles in Ajv's strict mode", (name) => {
    expect(ajv.getSchema(`bundle#/components/schemas/${name}`)).toBeTypeOf("function");
  });
});

describe("examples of id parameters", () => {
  const shown = JSON.stringify(document.components?.examples);
  const ids = operations.flatMap(({ id, parameters }) =>
    parameters
      .filter(({ name }) => /id$/i.test(name) && !/^(externalId|X-Client-Id)$/.test(name))
      .map((parameter) => [`${parameter.name} of ${id}`, parameter as typeof parameter & ParameterExamples] as const),
  );
  interface ParameterExamples {
    example?: string;
    schema: Schema & { examples?: string[] };
  }
  test.each(ids)("%s names something that an example shows", (_name, { example, schema }) => {
    expect(shown).toContain(`"id":"${example ?? schema.examples?.[0]}"`);
  });
});

describe("openapi-3.0.yaml", () => {
  const nodes: Record<string, unknown>[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node)) nodes.push(node as Record<string, unknown>);
    for (const part of Object.values(node)) visit(part);
  };
  visit({ paths: old.paths, schemas: old.components.schemas });
  const targetOf = ({ $ref }: { $ref: string }): Schema => old.components.schemas[$ref.split("/").at(-1) ?? ""];

  test("has references to object schemas only, as others would be wrapped in allOf", () => {
    const references = nodes.flatMap((node) => (node as Reference<Schema> as { $ref: string }).$ref ?? []);
    const toSchemas = references.filter((reference) => reference.startsWith("#/components/schemas/"));
    expect(toSchemas.length).toBeGreaterThan(100);
    expect(toSchemas.filter(($ref) => targetOf({ $ref }).type !== "object")).toEqual([]);
  });

  test("has no links, whose parameter `id` is taken for the id of a schema", () => {
    expect(nodes.filter((node) => "links" in node)).toEqual([]);
    expect(JSON.stringify(document.paths)).toContain('"links":');
  });
});

describe("null for what is not set", () => {
  /** A body of each operation with `null` for every optional member at its top level. */
  const bodies = operations.flatMap(({ id, operation }) => {
    const body = operation.requestBody && resolve(document, operation.requestBody);
    const schema = body?.content["application/json"]?.schema;
    const [example] = Object.values(body?.content["application/json"]?.examples ?? {});
    if (!schema || !example) return [];
    const nulls = [...mergedSchema(document, schema).properties].flatMap(([name, { required }]) =>
      required ? [] : [[name, null] as const],
    );
    const value = resolve(document, example).value as object;
    return [[id, nulls, value] as const];
  });
  const schemaOf = (form: typeof document, id: string) => {
    const body = operationsOf(form).find((operation) => operation.id === id)?.operation.requestBody;
    return body && resolve(form, body).content["application/json"]?.schema;
  };
  /** Adds `null` to the enums of nullable schemas, as validators of 3.0 do before they call Ajv. */
  const withNullInLists = (_key: string, node: unknown) => {
    const { nullable, enum: values } = (node ?? {}) as { nullable?: boolean; enum?: unknown[] };
    return nullable && values ? { ...(node as object), enum: [...values, null] } : node;
  };
  const validators = new Map(
    [document, old].flatMap((form) =>
      bodies.map(([id]) => {
        const ajv = form === document ? new Ajv2020({ strict: false, allErrors: true }) : new Ajv({ strict: false });
        addFormats.default(ajv);
        const schemas = JSON.parse(JSON.stringify(form.components?.schemas, withNullInLists));
        const text = JSON.stringify(schemaOf(form, id)).replaceAll("#/components", "bundle#/components");
        ajv.addSchema({ $id: "bundle", components: { schemas } });
        return [`${form.openapi} ${id}`, ajv.compile(JSON.parse(text))] as const;
      }),
    ),
  );
  const check = (form: typeof document, id: string, value: object) => {
    const validate = validators.get(`${form.openapi} ${id}`);
    validate?.(value);
    return validate?.errors ?? [];
  };

  test.each(bodies)("is accepted by %s in both forms, one member at a time", (id, nulls, value) => {
    for (const form of [document, old]) {
      expect(check(form, id, value)).toEqual([]);
      for (const [name] of nulls) expect([name, check(form, id, { ...value, [name]: null })]).toEqual([name, []]);
    }
  });

  test("causes one error for one wrong id", () => {
    const value = { type: "cancellation", customerId: "1002101" };
    for (const form of [document, old]) {
      expect(check(form, "orders_create", { ...value, subscriptionId: "7004-1" })).toHaveLength(1);
      expect(check(form, "orders_create", { ...value, subscriptionId: 700401 })).toHaveLength(1);
    }
  });

  test("is written as 3.0 allows: nullable beside a type, and never beside anyOf, oneOf or allOf", () => {
    const spelled: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      const { nullable, type, allOf, anyOf, oneOf } = node as Record<string, unknown>;
      if (nullable === true && (typeof type !== "string" || allOf || anyOf || oneOf)) spelled.push(path);
      for (const [key, part] of Object.entries(node)) visit(part, `${path}/${key}`);
    };
    visit(old.components.schemas, "");
    expect(spelled).toEqual([]);
  });
});

describe("defaults", () => {
  test("are among the enum's values", () => {
    const others: unknown[] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      const { default: value, enum: values } = node as Schema;
      if (value !== undefined && values && !values.includes(value as never)) others.push(node);
      Object.values(node).forEach(visit);
    };
    visit([document, old]);
    expect(others).toEqual([]);
  });
});

describe("people and places of the examples", () => {
  const accounts: { countryCode?: string; phoneNumber?: string; contactPersons?: { type: string }[] }[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    accounts.push(node);
    Object.values(node).forEach(visit);
  };
  visit(document.components?.examples);

  test("have countries of two upper-case letters", () => {
    const countries = accounts.flatMap(({ countryCode }) => countryCode ?? []);
    expect(countries.length).toBeGreaterThan(3);
    expect(countries.filter((country) => !/^[A-Z]{2}$/.test(country))).toEqual([]);
  });

  test("have phone numbers in both forms, and a customer with all three contacts", () => {
    const phones = accounts.flatMap(({ phoneNumber }) => phoneNumber ?? []);
    for (const form of [/^\d+#\d*#\d+#\d*$/, /^\+\d+$/]) expect(phones.some((phone) => form.test(phone))).toBe(true);
    const contacts = accounts.map(({ contactPersons = [] }) => contactPersons.map(({ type }) => type).sort());
    expect(contacts).toContainEqual(["admin", "billing", "technical"]);
  });
});

describe("servers", () => {
  test("have no description at a variable, which Swagger Parser refuses in OpenAPI 3.1", () => {
    const servers = document.servers as { variables?: Record<string, object> }[];
    const members = servers.flatMap(({ variables = {} }) => Object.values(variables).flatMap(Object.keys));
    expect([...new Set(members)]).toEqual(["default"]);
  });

  test("are fixed URLs, and one with a variable for any other installation", () => {
    const urls = (document.servers as { url: string }[]).map(({ url }) => url);
    const templates = urls.filter((url) => url.includes("{"));
    expect(templates).toEqual(["https://{host}/{path}"]);
    for (const url of urls) expect(URL.canParse(url.replace(/[{}]/g, ""))).toBe(true);
  });
});

test("no number has a format that generators map to BigInt", () => {
  expect(JSON.stringify(document)).not.toContain("int64");
});

test("no two components have a name in common, as some generators put all of them in one place", () => {
  const { examples: _, ...components } = document.components as unknown as Record<string, object>;
  const names = Object.values(components).flatMap(Object.keys);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
