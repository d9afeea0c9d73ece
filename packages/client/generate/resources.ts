import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Document,
  type NamedOperation,
  operationsOf,
  type Schema,
  variantsOf,
} from "@imcloud/openapi-tools/document";
import { type Signature, signatureOf } from "@imcloud/openapi-tools/signatures";
import { withSources } from "@imcloud/openapi-tools/sources";
import { capital } from "@imcloud/openapi-tools/text";
import { queriesSource, queryRule } from "./queries.ts";
import { docstring } from "./source.ts";

/** A resource's interface: `CustomersResource`. The bare word could be a schema's name. */
const interfaceName = (resource: string) => `${capital(resource)}Resource`;

function declaration(named: NamedOperation, signature: Signature): string {
  const { operation, method, path } = named;
  const isWrite = method !== "get" && !operation["x-imcloud-safe"];
  const lines = [operation.summary, "", operation.description, "", `\`${method.toUpperCase()} ${path}\``];
  if (operation.deprecated) lines.push("", "@deprecated");
  lines.push(
    "@throws {@link ApiError} for a status that is not a success",
    "@throws {@link ConnectionError}, {@link TimeoutError}",
    ...(isWrite ? ["@throws {@link UnknownOutcomeError} when it may or may not have happened"] : []),
  );
  const parameters = [
    ...signature.path.map((name) => `${name}: string`),
    ...(signature.body ? [`body: ${signature.body}`] : []),
    ...(signature.query ? [`query${signature.queryRequired ? "" : "?"}: ${signature.query}`] : []),
    "options?: RequestOptions",
  ];
  const promise = signature.row ? `PagePromise<${signature.row}>` : `ApiPromise<${signature.result}>`;
  return `${docstring(lines, "  ")}\n  ${named.name}(${parameters.join(", ")}): ${promise};`;
}

/** What the client has to know of an operation, as short as possible: each byte is in every browser. */
function operationSource(document: Document, named: NamedOperation, signature: Signature, isUpdate: boolean): string {
  const { id, method, path, operation, parameters } = named;
  const rules = parameters
    .filter(({ in: place }) => place === "query")
    .map((parameter) => queryRule(document, parameter));
  const fields = [
    `id: "${id}"`,
    `method: "${method.toUpperCase()}"`,
    `path: "${path}"`,
    ...(signature.body ? ["hasBody: true"] : []),
    ...(signature.row ? ["isList: true"] : []),
    ...(operation["x-imcloud-safe"] ? ["isSafe: true"] : []),
    ...(isUpdate ? ["isUpdate: true"] : []),
    ...(signature.query ? [`query: { ${rules.join(", ")} }`] : []),
  ];
  return `  { ${fields.join(", ")} },`;
}

interface Signed {
  named: NamedOperation;
  signature: Signature;
}

/** Whether an operation changes what there is: it gives what is read at its path, or at one above it. */
const isUpdate = ({ named, signature }: Signed, all: readonly Signed[]): boolean =>
  named.method !== "get" &&
  all.some(
    (other) =>
      other.named.method === "get" &&
      !other.signature.row &&
      other.signature.result === signature.result &&
      `${named.path}/`.startsWith(`${other.named.path}/`),
  );

/** The source of the resource methods of a bundled document: an interface with docstrings, and what they are made from. */
export function resourcesSource(document: Document): string {
  const all = operationsOf(document).map((named) => ({ named, signature: signatureOf(document, named) }));
  const byResource = Map.groupBy(all, ({ named }) => named.resource);
  const schemas = new Set(
    all.flatMap(({ signature: { row, result, body } }) => [row ?? result, ...(body ? [body] : [])]),
  );
  const queries = all.flatMap(({ named, signature }) =>
    signature.query ? [queriesSource(document, named, signature.query), ""] : [],
  );
  const interfaces = [...byResource].flatMap(([resource, methods]) => [
    `/** The operations of \`${resource}\`. */`,
    `export interface ${interfaceName(resource)} {`,
    methods.map(({ named, signature }) => declaration(named, signature)).join("\n\n"),
    "}",
    "",
  ]);
  return [
    "// Made by packages/client/generate/resources.ts from the document. Change the document, not this file.",
    `import type { ${[...schemas].sort().join(", ")} } from "@imcloud/spec";`,
    'import type { ApiPromise } from "../core/calls/api-promise.ts";',
    'import type { Operation } from "../core/calls/operation.ts";',
    'import type { ApiError, ConnectionError, TimeoutError, UnknownOutcomeError } from "../core/errors/errors.ts";',
    'import type { PagePromise } from "../core/lists/pages.ts";',
    'import type { RequestOptions } from "../core/request-options.ts";',
    "",
    ...queries,
    ...interfaces,
    "/** The resources of the API, one method for each operation of the document. */",
    "export interface Resources {",
    ...[...byResource.keys()].map((resource) => `  ${resource}: ${interfaceName(resource)};`),
    "}",
    "",
    "/** The operations of the document, from which their methods are made. */",
    "export const operations: readonly Operation[] = [",
    ...all.map((each) => operationSource(document, each.named, each.signature, isUpdate(each, all))),
    "];",
    "",
  ].join("\n");
}

/** The source of what users of the client need by name: schemas, queries and resources. */
export function publicTypesSource(document: Document): string {
  const operations = operationsOf(document);
  const resources = new Set(operations.map(({ resource }) => interfaceName(resource)));
  const queries = operations.map((named) => signatureOf(document, named).query).filter((name) => name !== undefined);
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>).flatMap(
    ([name, schema]) => [name, ...variantsOf(name, schema).map((variant) => variant.name)],
  );
  return [
    "// Made by packages/client/generate/resources.ts from the document. Change the document, not this file.",
    `export type { ${["operations", "paths", ...schemas].sort().join(", ")} } from "@imcloud/spec";`,
    `export type { ${["Resources", ...resources, ...queries].sort().join(", ")} } from "./resources.ts";`,
    "",
  ].join("\n");
}

/** Writes the client's resource methods, and the types that it exports, from the bundle in `folder`. */
export async function resources(folder: string, output: string): Promise<void> {
  const document = withSources(JSON.parse(await readFile(join(folder, "openapi.json"), "utf8")));
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, resourcesSource(document));
  await writeFile(join(dirname(output), "public-types.ts"), publicTypesSource(document));
}
