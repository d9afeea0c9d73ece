import { type Document, type Reference, resolve, type Schema } from "@imcloud/openapi-tools/document";

/** A schema with one type, as the document has no other. */
export type Merged = Omit<Schema, "type"> & {
  type?: string;
  /** Whether it takes `null` too. */
  isNullable?: boolean;
};

const isNull = (node: Reference<Schema>) => "type" in node && node.type === "null";

/** Keywords that generated cases test or may ignore. Any other keyword would go untested. */
const KNOWN = new Set(
  [
    "type",
    "enum",
    "x-extensible-enum",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "anyOf",
  ].concat(
    ["pattern", "format", "minimum", "maximum", "minLength", "maxLength"],
    // The last keyword needs no cases of its own.
    [
      "description",
      "examples",
      "default",
      "deprecated",
      "title",
      "$ref",
      "x-source",
      "x-imcloud-personal",
      "x-imcloud-variants",
      "x-life-cycle",
    ],
  ),
);

/**
 * Merges a schema with the parts of its `allOf`.
 * @throws {@link Error} for a keyword that generated cases do not know
 */
export function merged(document: Document, node: Reference<Schema>): Merged {
  const { allOf = [], type, ...own } = resolve(document, node);
  const [only, ...others] = own.anyOf?.filter((part) => !isNull(part)) ?? [];
  if (only && !others.length) return { ...merged(document, only), isNullable: true };
  const types = [type ?? []].flat();
  const [named] = types.filter((name) => name !== "null");
  const unknown = Object.keys(own).find((word) => !KNOWN.has(word));
  if (unknown) throw new Error(`Generated cases know nothing of "${unknown}": teach test/conformance what it means.`);
  const parts = allOf.map((part) => merged(document, part));
  return {
    ...Object.assign({}, ...parts),
    ...own,
    ...(named && { type: named }),
    ...(types.includes("null") && { isNullable: true }),
    ...(own.enum && { enum: own.enum.filter((value) => value !== null) }),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties), own.properties),
    required: [...parts.flatMap(({ required = [] }) => required), ...(own.required ?? [])],
  };
}
