import { type Document, type Reference, resolve, type Schema } from "@imcloud/openapi-tools/document";

/** A schema whose type is one, as all of the document's are. */
export type Merged = Omit<Schema, "type"> & {
  type?: string;
  /** It takes `null` too. */
  isNullable?: boolean;
};

const isNull = (node: Reference<Schema>) => "type" in node && node.type === "null";

/** Words of a schema that generated cases know what to do with, or may leave alone. Another one would be left untested. */
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
    // What the last is about, the API says itself: bodies of any kind are cases.
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
 * A schema with those that it is all of, as one.
 * @throws {@link Error} for a word that generated cases know nothing of
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
