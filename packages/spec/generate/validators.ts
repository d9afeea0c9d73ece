import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, operationsOf, type Reference, resolve } from "@imcloud/openapi-tools/document";
import type { ParameterTable, SchemeTable, Shape, Style } from "../src/validators/tables.ts";
import { type Schema, type Side, SideSchemas } from "./request-or-response.ts";
import { standalone } from "./standalone.ts";

/** A parameter or a header of the document. */
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  style?: string;
  explode?: boolean;
  schema?: Schema;
  content?: Record<string, { schema?: Schema }>;
}

type Contents = Record<string, { schema?: Schema; encoding?: object }>;

const STYLES: Record<string, readonly Style[]> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
};

/** Headers that OpenAPI leaves to other parts of a document, so that a parameter of their name says nothing. */
const IGNORED = new Set(["accept", "content-type", "authorization"]);

const FORM = "application/x-www-form-urlencoded";

/** Code of a table, in which names of functions stand bare. */
class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function print(value: unknown): string {
  if (value instanceof Code) return value.text;
  if (Array.isArray(value)) return `[${value.map(print).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${print(part)}`).join(",")}}`;
}

/** The validators of one side, each schema once. */
class Checks {
  readonly schemas: SideSchemas;
  readonly #document: Document;
  readonly #names = { body: new Map<string, string>(), text: new Map<string, string>() };

  constructor(document: Document, side: Side) {
    this.#document = document;
    this.schemas = new SideSchemas(document.components?.schemas ?? {}, side);
  }

  /** The function that checks bodies, or texts such as parameters, by a schema. */
  check(schema: Schema, kind: "body" | "text"): Code {
    const key = JSON.stringify(this.schemas.of(schema));
    const names = this.#names[kind];
    const name = names.get(key) ?? `${kind}${names.size}`;
    names.set(key, name);
    return new Code(name);
  }

  /** The modules of the functions, by kind. */
  modules(): Record<"body" | "text", string> {
    const codeOf = (kind: "body" | "text") => {
      const roots = [...this.#names[kind]].map(([text, name]) => [name, JSON.parse(text)]);
      return standalone(this.schemas, Object.fromEntries(roots), kind === "text");
    };
    return { body: codeOf("body"), text: codeOf("text") };
  }

  imports(kind: "body" | "text", module: string): string {
    return `import { ${[...this.#names[kind].values()].join(", ")} } from "./${module}";`;
  }

  /** How the values of a schema stand in each other. */
  shapeOf(node: unknown, depth = 0): Shape {
    const schemas = this.#allOf(node);
    const types = schemas.flatMap(({ type }) => type ?? []);
    // No serialization can say more than two levels.
    if (depth > 4) return "primitive";
    if (types.includes("array")) {
      const items = schemas.find(({ items }) => items !== undefined)?.items;
      return { items: this.shapeOf(items ?? {}, depth + 1) };
    }
    if (!types.includes("object")) return "primitive";
    const properties = Object.assign({}, ...schemas.map((schema) => schema.properties));
    const shapes = Object.entries(properties).map(([name, schema]) => [name, this.shapeOf(schema, depth + 1)]);
    return { properties: Object.fromEntries(shapes) };
  }

  /** Every schema that a value must fit in any case. */
  #allOf(node: unknown): Schema[] {
    if (typeof node !== "object" || node === null) return [];
    const { allOf = [], ...own } = node as Schema & { allOf?: unknown[] };
    const target = "$ref" in own ? resolve(this.#document, { $ref: String(own.$ref) }) : undefined;
    return [own, ...this.#allOf(target), ...allOf.flatMap((part) => this.#allOf(part))];
  }

  parameter(where: string, parameter: Parameter): Record<keyof ParameterTable, unknown> {
    const { name, in: place, required = false, content } = parameter;
    const [first] = Object.entries(content ?? {});
    if (first && first[0] !== "application/json") {
      throw new Error(
        `${where}: the validators can read the parameter "${name}" as application/json, not as ${first[0]}.`,
      );
    }
    const styles = STYLES[place] ?? [];
    const style = first ? "json" : ((parameter.style ?? styles[0]) as Style);
    if (style !== "json" && !styles.includes(style)) {
      throw new Error(`${where}: the validators cannot read the parameter "${name}" in ${place} with style ${style}.`);
    }
    const schema = first?.[1].schema ?? parameter.schema ?? {};
    return {
      name,
      required: place === "path" || required,
      style,
      explode: parameter.explode ?? style === "form",
      shape: this.shapeOf(schema),
      check: this.check(schema, first ? "body" : "text"),
    };
  }

  contents(where: string, contents: Contents = {}): object[] {
    return Object.entries(contents).map(([mediaType, { schema, encoding }]) => {
      const type = mediaType.toLowerCase().replace(/\s*;.*/, "");
      const isForm = type === FORM;
      if (type.startsWith("multipart/") || (isForm && encoding)) {
        throw new Error(`${where}: the validators cannot read ${mediaType}${encoding ? " with an encoding" : ""}.`);
      }
      return {
        mediaType: type,
        check: schema && this.check(schema, isForm ? "text" : "body"),
        form: isForm ? this.shapeOf(schema) : undefined,
      };
    });
  }
}

const HEADER = "// Made from the document by packages/spec/generate/validators.ts. Change the document, not this file.";

/**
 * The tables of all operations as a module, with the functions that they name.
 * @param shared the names of parts of them, by their code
 */
function moduleOf(
  name: string,
  checks: Checks,
  tables: object,
  shared: ReadonlyMap<string, string> = new Map(),
): Record<string, string> {
  const { body, text } = checks.modules();
  return {
    [`${name}-body.js`]: body,
    [`${name}-text.js`]: text,
    [`${name}.js`]: [
      HEADER,
      checks.imports("body", `${name}-body.js`),
      checks.imports("text", `${name}-text.js`),
      ...[...shared].map(([code, constant]) => `const ${constant} = ${code};`),
      `export const ${name} = ${print(tables)};`,
      "",
    ].join("\n"),
  };
}

const declaration = (name: string, type: string): string =>
  [
    HEADER,
    `import type { ${type} } from "../validators/tables.ts";`,
    `export const ${name}: Readonly<Record<string, ${type}>>;`,
    "",
  ].join("\n");

function requestsOf(document: Document): Record<string, string> {
  const checks = new Checks(document, "request");
  const tables = operationsOf(document).map(({ id, parameters: all, operation }) => {
    const parameters = all as Parameter[];
    const cookie = parameters.find((parameter) => parameter.in === "cookie");
    if (cookie) throw new Error(`${id}: the validators do not read cookies such as "${cookie.name}".`);
    const inPlace = (place: string) =>
      parameters
        .filter(
          (parameter) => parameter.in === place && !(place === "header" && IGNORED.has(parameter.name.toLowerCase())),
        )
        .map((parameter) => checks.parameter(id, parameter));
    const body = operation.requestBody && resolve(document, operation.requestBody);
    const table = {
      path: inPlace("path"),
      query: inPlace("query"),
      headers: inPlace("header"),
      body: body && { required: body.required ?? false, contents: checks.contents(id, body.content as Contents) },
    };
    return [id, table];
  });
  return {
    ...moduleOf("requests", checks, Object.fromEntries(tables)),
    "requests.d.ts": declaration("requests", "RequestTable"),
  };
}

function responsesOf(document: Document): Record<string, string> {
  const checks = new Checks(document, "response");
  // Most responses are those of other operations too.
  const shared = new Map<string, string>();
  const share = (table: object): Code => {
    const text = print(table);
    const name = shared.get(text) ?? `response${shared.size}`;
    shared.set(text, name);
    return new Code(name);
  };
  const tables = operationsOf(document).map(({ id, method, operation }) => {
    const byStatus = Object.entries(operation.responses).map(([status, node]) => {
      const { headers = {}, content } = resolve(document, node);
      const parameters = Object.entries(headers)
        .filter(([name]) => name.toLowerCase() !== "content-type")
        .map(([name, header]) => {
          const resolved = resolve(document, header as Reference<object>) as Omit<Parameter, "name" | "in">;
          return checks.parameter(`${id} ${status}`, { ...resolved, name, in: "header" });
        });
      const contents = checks.contents(`${id} ${status}`, content as Contents);
      return [status, share({ headers: parameters, contents })];
    });
    return [id, { byStatus: Object.fromEntries(byStatus), isHead: String(method) === "head" }];
  });
  return {
    ...moduleOf("responses", checks, Object.fromEntries(tables), shared),
    "responses.d.ts": declaration("responses", "ResponsesTable"),
  };
}

/** A security scheme of the document. */
interface Scheme {
  type: string;
  scheme?: string;
  in?: string;
  name?: string;
}

function schemeOf(document: Document, name: string): SchemeTable {
  const node = document.components?.securitySchemes?.[name] as Reference<Scheme> | undefined;
  if (!node) throw new Error(`The document has no security scheme "${name}".`);
  const { type, scheme = "", ...key } = resolve(document, node);
  if (type === "apiKey") return { type, in: key.in, name: key.name } as SchemeTable;
  if (type === "oauth2" || type === "openIdConnect") return { type: "bearer" };
  const known = scheme.toLowerCase();
  if (type === "http" && (known === "basic" || known === "bearer")) return { type: known };
  throw new Error(`The validators do not know the security scheme "${name}" of type ${type} ${scheme}`.trim());
}

function securityOf(document: Document): Record<string, string> {
  const tables = operationsOf(document).map(({ id, operation }) => {
    const alternatives = operation.security ?? document.security ?? [];
    return [id, alternatives.map((all) => Object.keys(all).map((name) => schemeOf(document, name)))];
  });
  return {
    "security.js": `${HEADER}\nexport const security = ${print(Object.fromEntries(tables))};\n`,
    "security.d.ts": declaration("security", "SecurityTable"),
  };
}

/**
 * The sources of the validators of a bundled OpenAPI 3.1 document, by file name: a module for requests, one for responses, one for
 * security, and what they import.
 * @throws {@link Error} for what the validators could not check
 */
export function validatorSources(document: Document): Record<string, string> {
  if (!document.openapi.startsWith("3.1.")) {
    throw new Error(`The validators are made from OpenAPI 3.1; the document is ${document.openapi}.`);
  }
  return { ...requestsOf(document), ...responsesOf(document), ...securityOf(document) };
}

/** Writes the validators of a bundled document into a folder. */
export async function writeValidators(document: Document, output: string): Promise<void> {
  await mkdir(output, { recursive: true });
  const sources = Object.entries(validatorSources(document));
  await Promise.all(sources.map(([name, source]) => writeFile(join(output, name), source)));
}

/** Writes the validators of the bundle in `folder`. */
export async function validators(folder: string, output: string): Promise<void> {
  await writeValidators(JSON.parse(await readFile(join(folder, "openapi.json"), "utf8")), output);
}
