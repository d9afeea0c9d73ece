type Json = { [key: string]: unknown };

const SCHEMAS = "#/components/schemas/";

const isObject = (node: unknown): node is Json => typeof node === "object" && node !== null && !Array.isArray(node);

const isNull = (node: unknown): boolean => isObject(node) && node.type === "null";

/**
 * Writes out what may be a text or `null`. In the source, an identifier that may be `null` is a choice between a reference and `null`, so that its
 * form stands in one place. Validators tell three faults of such a choice for one wrong id, and generators make a union of it; a text whose
 * type is `[string, "null"]` has neither.
 */
export function writeOutNullable<T>(document: T): T {
  const { schemas = {} } = (document as { components?: { schemas?: Record<string, Json> } }).components ?? {};
  const change = (node: Json): Json => {
    const { anyOf, ...own } = node;
    if (!Array.isArray(anyOf) || anyOf.length !== 2 || !anyOf.some(isNull)) return node;
    const reference: unknown = anyOf.find((part) => !isNull(part));
    if (!isObject(reference) || typeof reference.$ref !== "string") return node;
    const target = schemas[reference.$ref.slice(SCHEMAS.length)];
    return target?.type === "string" ? { ...target, type: ["string", "null"], ...own } : node;
  };
  const map = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(map);
    if (!isObject(node)) return node;
    return change(Object.fromEntries(Object.entries(node).map(([key, value]) => [key, map(value)])));
  };
  return map(document) as T;
}
