import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Document, type NamedOperation, operationsOf } from "@imcloud/openapi-tools/document";
import { type Signature, signatureOf } from "@imcloud/openapi-tools/signatures";
import { capital } from "@imcloud/openapi-tools/text";

interface Described extends NamedOperation {
  signature: Signature;
}

/** What the client creates once, by the field that it is found again by. */
const CREATED_ONCE: Record<string, string> = { orders_create: "poNumber", customers_create: "externalId" };

/** Queries that are made of the client's helpers, in `src/helpers.ts`. */
const HELPER_QUERIES: Record<string, string[]> = { subscriptions: ["due"] };

/** Resources whose operations are completed by hand, in `src/helpers.ts`. */
const WITH_HELPERS = ["reports", "subscriptions"];

const interfaceName = (resource: string) => `${capital(resource)}Operations`;

const isSafe = ({ method, operation }: NamedOperation) => method === "get" || operation["x-imcloud-safe"] === true;

/** An operation with a sign-in of its own sends a secret, which has no place in a key. */
const isSignIn = ({ operation }: NamedOperation) => operation.security !== undefined;

/** The resource whose things an operation is about: `orders` of `/resellers/{id}/orders`. */
function subjectOf({ path }: NamedOperation, resources: Set<string>): string | undefined {
  return path
    .split("/")
    .filter((segment) => resources.has(segment))
    .at(-1);
}

/** The keys of what a write may change: of every GET about the same things, and about those that the document names. */
function invalidatedBy(write: Described, all: Described[]): string[][] {
  const resources = new Set(all.map(({ resource }) => resource));
  const named = write.operation["x-imcloud-affects"] ?? [];
  const unknown = named.find((resource) => !resources.has(resource));
  if (unknown !== undefined) throw new Error(`${write.id}: x-imcloud-affects names ${unknown}, which is no resource.`);
  const changed = new Set([subjectOf(write, resources), ...named].filter((resource) => resource !== undefined));
  const read = all.filter((each) => each.method === "get" && changed.has(String(subjectOf(each, resources))));
  const ofHelpers = [...changed].flatMap((resource) =>
    (HELPER_QUERIES[resource] ?? []).map((name) => [resource, name]),
  );
  return [...read.map(({ resource, name }) => [resource, name]), ...ofHelpers];
}

const docstring = ({ operation, method, path }: NamedOperation, note: string) =>
  `  /** ${operation.summary}: \`${method.toUpperCase()} ${path}\`.${note} */`;

const pathTuple = ({ path }: Signature) => path.map((name) => `${name}: string`);

/** How an operation stands in the source: its type, what makes it, and what is worth saying. */
interface Parts {
  type: string;
  source: string;
  note: string;
}

/** An operation that reads. */
function queryParts({ resource, name, signature }: Described): Parts {
  const { path, body, query, queryRequired, row, result } = signature;
  const input = [
    ...pathTuple(signature),
    ...(body ? [`body: ${body}`] : []),
    ...(query ? [`query${queryRequired ? "" : "?"}: ${query}`] : []),
  ];
  const kind = row ? "list" : "query";
  const shape = `{ path: ${path.length}, hasBody: ${Boolean(body ?? query)} }`;
  return {
    type: `${capital(kind)}Operation<[${input.join(", ")}], ${row ?? result}>`,
    source: `${kind}Operation("${resource}", "${name}", ${shape}, (client) => client.${resource}.${name})`,
    note: "",
  };
}

/** An operation that writes. */
function mutationParts(each: Described, all: Described[]): Parts {
  const { resource, name, id, signature } = each;
  const { path, body = "undefined", result } = signature;
  const key = CREATED_ONCE[id];
  const fields = [...pathTuple(signature), `body: ${body}`].join("; ");
  const sent = path.length ? `{ ${fields} }` : body;
  const values = path.length ? [...path, "body"].map((part) => `variables?.${part}`) : ["variables"];
  const keys = isSafe(each)
    ? []
    : invalidatedBy(each, all).map((parts) => `[KEY_ROOT, ${parts.map((part) => JSON.stringify(part)).join(", ")}]`);
  const call = `(client, variables, options) => client.${resource}.${key ? "createOnce" : name}(${values}, options)`;
  // What the search for an order finds has its details.
  const data = id === "orders_create" ? "OrderDetails" : result;
  return {
    type: `MutationOperation<${key ? `${sent} & { ${key}: string }` : sent}, ${data}, ${key ? "CreateOnceOptions" : "RequestOptions"}>`,
    // Variables are kept with the mutation, for as long as nobody looks at it any more: a secret not at all.
    source: `mutationOperation("${resource}", "${name}", [${keys.join(", ")}], ${call}${isSignIn(each) ? ", 0" : ""})`,
    note: key ? ` Once, by its \`${key}\`, whatever the network does: \`${resource}.createOnce\`.` : "",
  };
}

function partsOf(each: Described, all: Described[]): Parts {
  if (each.method === "get") return queryParts(each);
  const mutation = mutationParts(each, all);
  if (!isSafe(each) || isSignIn(each)) return mutation;
  const query = queryParts(each);
  return {
    type: `${query.type} & ${mutation.type}`,
    source: `{ ...${mutation.source}, ...${query.source} }`,
    note: " It changes nothing: what it says can be kept, as a query.",
  };
}

const OWN_TYPES = ["ListOperation", "MutationOperation", "QueryOperation"];

/** The source of the options of every operation of a bundled document. */
export function operationsSource(document: Document): string {
  const all = operationsOf(document).map((each) => ({ ...each, signature: signatureOf(document, each) }));
  const described = all.map((each) => ({ each, parts: partsOf(each, all) }));
  const types = described.map(({ parts }) => parts.type).join(" ");
  const names = new Set([...types.matchAll(/\b[A-Z]\w+\b/g)].map(([name]) => name));
  const imported = [...names].filter((name) => !OWN_TYPES.includes(name)).sort();
  const lines = [...Map.groupBy(described, ({ each }) => each.resource)].flatMap(([resource, operations]) => [
    `/** The operations of \`${resource}\`. */`,
    `export interface ${interfaceName(resource)} {`,
    ...operations.flatMap(({ each, parts }) => [docstring(each, parts.note), `  ${each.name}: ${parts.type};`]),
    "}",
    "",
    // A call that is marked as pure is left out where nothing uses it.
    `const make${capital(resource)} = (): ${interfaceName(resource)} => ({`,
    ...operations.map(({ each, parts }) => `  ${each.name}: ${parts.source},`),
    "});",
    `/** The operations of \`${resource}\`. */`,
    `export const ${resource}: ${interfaceName(resource)} = /* @__PURE__ */ make${capital(resource)}();`,
    "",
  ]);
  return [
    "// Made by packages/query/generate/operations.ts from the document. Change the document, not this file.",
    `import type { ${imported.join(", ")} } from "@imcloud/client";`,
    'import { KEY_ROOT } from "../keys.ts";',
    'import { type ListOperation, listOperation } from "../list-operation.ts";',
    'import { type MutationOperation, mutationOperation } from "../mutation-operation.ts";',
    'import { type QueryOperation, queryOperation } from "../query-operation.ts";',
    "",
    ...lines,
  ].join("\n");
}

/** The source of what the package exports as it is generated. */
export function exportsSource(document: Document): string {
  const resources = [...new Set(operationsOf(document).map(({ resource }) => resource))].sort();
  return [
    "// Made by packages/query/generate/operations.ts from the document. Change the document, not this file.",
    `export type { ${resources.map(interfaceName).join(", ")} } from "./operations.ts";`,
    `export { ${resources.filter((name) => !WITH_HELPERS.includes(name)).join(", ")} } from "./operations.ts";`,
    "",
  ].join("\n");
}

/** Writes the options of every operation from the bundle in `folder`. */
export async function queries(folder: string, output: string): Promise<void> {
  const document: Document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, operationsSource(document));
  await writeFile(join(dirname(output), "exports.ts"), exportsSource(document));
}
