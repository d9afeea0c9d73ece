import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "@imcloud/openapi-tools/document";
import { operationsOf } from "@imcloud/openapi-tools/document";
import { paths } from "../../scripts/paths.ts";
import { document } from "../support/document.ts";
import { propertiesOf, schemas } from "./schema.ts";

const components = document.components as unknown as Record<string, Record<string, object>>;
const decisionsFolder = join(paths.root, "openapi/decisions");

const operationAt = (place: string) =>
  operationsOf(document).find(({ method, path }) => `${method.toUpperCase()} ${path}` === place)?.operation;

/** A schema of the document, or a property of one. */
function schemaAt(place: string): Schema | undefined {
  const [name = "", property] = place.split(".");
  const schema = schemas[name];
  return property === undefined || !schema ? (schema as Schema) : (propertiesOf(schema)[property] as Schema);
}

/** The text of a decision, or `undefined` if the number does not exist. */
function decisionText(number: string): string | undefined {
  const file = readdirSync(decisionsFolder).find((name) => name.startsWith(`${number}-`));
  return file && readFileSync(join(decisionsFolder, file), "utf8");
}

const readers: [prefix: RegExp, read: (rest: string) => unknown][] = [
  [/^schemas\//, schemaAt],
  [
    /^(?=(?:parameters|responses|headers|examples)\/)/,
    (rest) => components[rest.split("/")[0] ?? ""]?.[rest.split("/")[1] ?? ""],
  ],
  [/^(?=(?:GET|POST|PATCH|PUT|DELETE) )/, operationAt],
  [/^servers$/, () => document.servers],
  [/^guides\//, (name) => readFileSync(join(paths.guides, `${name}.md`), "utf8")],
  [/^decision /, decisionText],
  [/^(?=test\/)/, (path) => readFileSync(join(paths.root, path), "utf8")],
];

const oneLine = (text: string) => text.replace(/\s+/g, " ");

/**
 * The text at a place of the document, on one line.
 * @throws {@link Error} when there is no such place
 */
export function textAt(place: string): string {
  for (const [prefix, read] of readers) {
    if (!prefix.test(place)) continue;
    const found = read(place.replace(prefix, ""));
    if (found === undefined) break;
    // Normalizes quotes, so that text compares as people read it.
    return oneLine(typeof found === "string" ? found : JSON.stringify(found))
      .replaceAll("\\n", " ")
      .replaceAll('\\"', '"');
  }
  throw new Error(`There is no ${place} that could carry a fact.`);
}
