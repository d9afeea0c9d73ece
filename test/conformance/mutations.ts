import type { Document } from "../../scripts/document.ts";
import { operationsOf } from "../../scripts/document.ts";

/** A document from which one promise has been taken away. */
export interface Mutation {
  kind: "required" | "enum value" | "known value" | "response";
  /** What was taken, in words. */
  name: string;
  mutate(copy: Document): void;
}

type Path = string[];

const at = (root: unknown, path: Path) =>
  path.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], root);

const LISTS = { required: "required", enum: "enum value", "x-extensible-enum": "known value" } as const;

/** Every list of a schema that promises something, wherever it is in it. */
function listsIn(node: unknown, path: Path): { word: keyof typeof LISTS; path: Path; items: unknown[] }[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    // What is named by a caller is no word of a schema: a property can be called "required".
    const isWord = key in LISTS && Array.isArray(value) && path.at(-1) !== "properties";
    return isWord
      ? [{ word: key as keyof typeof LISTS, path: [...path, key], items: value }]
      : key === "examples"
        ? []
        : listsIn(value, [...path, key]);
  });
}

/** Each required field, each listed value and each response of a document, taken away one at a time. */
export function mutationsOf(document: Document): Mutation[] {
  const ofSchemas = ["schemas", "parameters"].flatMap((kind) =>
    listsIn(document.components?.[kind], ["components", kind]).flatMap(({ word, path, items }) =>
      items.map(
        (item): Mutation => ({
          kind: LISTS[word],
          name: `${item} of ${path.slice(2).join(".")}`,
          mutate: (copy) => {
            const list = at(copy, path) as unknown[];
            list.splice(list.indexOf(item), 1);
            // A list of nothing is no list.
            if (!list.length) delete (at(copy, path.slice(0, -1)) as Record<string, unknown>)[String(path.at(-1))];
          },
        }),
      ),
    ),
  );
  const ofResponses = operationsOf(document).flatMap(({ id, path, method, operation }) =>
    Object.keys(operation.responses).map(
      (status): Mutation => ({
        kind: "response",
        name: `${status} of ${id}`,
        mutate: (copy) => {
          delete copy.paths[path]?.[method]?.responses[status];
        },
      }),
    ),
  );
  return [...ofSchemas, ...ofResponses];
}
