import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Document,
  type NamedOperation,
  operationsOf,
  type Parameter,
  type Reference,
  requestSchema,
  resolve,
  responseSchema,
  type Schema,
} from "@imcloud/openapi-tools/document";
import { examplePathParameters, requestExamples } from "@imcloud/openapi-tools/examples";
import { mergedSchema } from "@imcloud/openapi-tools/fields";
import { signatureOf } from "@imcloud/openapi-tools/signatures";
import type { CommandSpec, Example, FlagSpec, ValueKind } from "../src/command-table.ts";

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Paging parameters, which `--limit` and `--all` replace. */
const PAGING = ["offset", "limit"];

const firstSentence = (text: string) => text.replaceAll(/\s+/g, " ").match(/^.*?[.](?= |$)/)?.[0] ?? text;

/** The kind of a single value; `undefined` for an object or a list. */
function kindOf(document: Document, node: Reference<Schema>): ValueKind | undefined {
  const { types, properties, items, members } = mergedSchema(document, node);
  if (properties.size || items || members || types.includes("object") || types.includes("array")) return undefined;
  if (types.includes("boolean")) return "boolean";
  return types.length > 0 && types.every((type) => type === "integer" || type === "number") ? "number" : "text";
}

function flagOf(document: Document, name: string, node: Reference<Schema>, description?: string): FlagSpec | undefined {
  const kind = kindOf(document, node);
  const schema = mergedSchema(document, node);
  if (kind === undefined || schema.readOnly || schema.deprecated) return undefined;
  const values = schema.values?.filter((value) => typeof value === "string") as string[] | undefined;
  return {
    name,
    flag: kebab(name),
    kind,
    description: firstSentence(description ?? (node as Schema).description ?? schema.description ?? name),
    ...(values?.length && { values }),
  };
}

const isFlag = (flag: FlagSpec | undefined): flag is FlagSpec => flag !== undefined;

const FORMATS: Readonly<Record<string, ValueKind>> = { date: "day", "date-time": "time" };

/** A flag of a query, whose times are checked before the call: its body is what the document checks. */
function queryFlagOf(document: Document, { name, schema, description }: Parameter): FlagSpec | undefined {
  const resolved = schema ? resolve(document, schema) : {};
  const flag = flagOf(document, name, resolved, description ?? resolved.description);
  const [format = ""] = mergedSchema(document, resolved).formats;
  return flag && { ...flag, kind: FORMATS[format] ?? flag.kind };
}

function bodyFlags(document: Document, { operation }: NamedOperation): FlagSpec[] | undefined {
  const schema = requestSchema(document, operation);
  if (!schema) return undefined;
  return [...mergedSchema(document, schema).properties]
    .map(([name, property]) => flagOf(document, name, property.schema))
    .filter(isFlag);
}

/** The members of an operation's rows or resource: single values, and objects. */
function membersOf(document: Document, each: NamedOperation, row: string | undefined) {
  const node = row ? { $ref: `#/components/schemas/${row}` } : responseSchema(document, each.operation);
  const properties = node ? [...mergedSchema(document, node).properties] : [];
  const isSingle = ([, { schema }]: (typeof properties)[number]) => kindOf(document, schema) !== undefined;
  const names = properties.filter(isSingle).map(([name]) => name);
  const objects = properties.filter((property) => !isSingle(property)).map(([name]) => name);
  // Identifying members come first.
  const first = ["id", "orderNumber", "mpn", "name", "type", "status", "customerId"].filter((name) =>
    names.includes(name),
  );
  return { columns: [...first, ...names.filter((name) => !first.includes(name))], objects };
}

function commandOf(document: Document, each: NamedOperation): CommandSpec {
  const { id, resource, name, method, path, operation, parameters } = each;
  const signature = signatureOf(document, each);
  const body = bodyFlags(document, each);
  const query = parameters
    .filter((parameter) => parameter.in === "query" && !(signature.row && PAGING.includes(parameter.name)))
    .map((parameter) => queryFlagOf(document, parameter))
    .filter(isFlag);
  return {
    id,
    resource,
    method: name,
    name: kebab(name),
    request: `${method.toUpperCase()} ${path}`,
    summary: operation.summary,
    path: signature.path,
    query,
    ...(body && { body }),
    ...(signature.row && { isList: true }),
    ...membersOf(document, each, signature.row),
  };
}

const GET_OR_LIST = /^(get|list)/;

/** The columns of an example whose output is the same each time. A write creates new numbers and times. */
const stableColumns = ["name", "type", "status", "customerId", "externalId", "renewalStatus", "format"];

/** A command line of an operation, made of the document's examples. */
function exampleOf(document: Document, each: NamedOperation, { resource, name, columns }: CommandSpec): Example {
  const ids = Object.values(examplePathParameters(document, each));
  const [example] = requestExamples(document, each);
  const shown = columns.filter((column) => stableColumns.includes(column));
  // A signed link differs each time.
  const isRead = GET_OR_LIST.test(name) && !columns.includes("downloadUrl");
  return {
    words: [
      resource,
      name,
      ...ids,
      ...(example ? ["-"] : []),
      ...(isRead || !shown.length ? [] : ["--columns", shown.join(",")]),
    ],
    ...(example && { input: example[1] as object }),
  };
}

/** Writes a command for each operation, from the bundle in `folder`. */
export async function commands(folder: string, output: string): Promise<void> {
  const document: Document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  // A sign-in is `imcloud token` and `imcloud login`: a password is never an argument.
  const operations = operationsOf(document).filter(({ operation }) => operation.security === undefined);
  const all = operations.map((each) => commandOf(document, each));
  const examples = operations.map((each, index) => exampleOf(document, each, all[index] as CommandSpec));
  const source = [
    "// Made by packages/cli/generate/commands.ts from the document. Change the document, not this file.",
    'import type { CommandSpec } from "../command-table.ts";',
    "",
    "/** A command for each operation. */",
    `export const commands: readonly CommandSpec[] = ${JSON.stringify(all)};`,
    "",
  ].join("\n");
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, source);
  const ofExamples = [
    "// Made by packages/cli/generate/commands.ts from the document. Change the document, not this file.",
    'import type { Example } from "../command-table.ts";',
    "",
    "/** A command line of each operation, by the document's examples. */",
    `export const generated: readonly Example[] = ${JSON.stringify(examples)};`,
    "",
  ].join("\n");
  await writeFile(join(dirname(output), "examples.ts"), ofExamples);
}
