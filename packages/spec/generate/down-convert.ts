import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Converter } from "@apiture/openapi-down-convert";
import { stringify } from "yaml";

type Json = { [key: string]: unknown };

const SCHEMAS = "#/components/schemas/";

const isObject = (node: unknown): node is Json => typeof node === "object" && node !== null && !Array.isArray(node);

/** A copy of a tree in which `change` had each object, from the leaves up. */
function mapObjects(node: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(node)) return node.map((item) => mapObjects(item, change));
  if (!isObject(node)) return node;
  return change(Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapObjects(value, change)])));
}

/** The names of the component schemas that anything in a tree refers to. */
const referredTo = (tree: unknown): Set<string> =>
  new Set(
    [...JSON.stringify(tree).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => `${name}`),
  );

/** A document whose responses have no `links`. */
function withoutLinks(document: Json): Json {
  const copy = structuredClone(document) as { paths: Record<string, Record<string, Json>> };
  for (const operation of Object.values(copy.paths).flatMap((item) => Object.values(item))) {
    for (const response of Object.values(operation.responses ?? {})) delete (response as Json).links;
  }
  return copy;
}

/**
 * What 3.0 cannot say as 3.1 does, said otherwise before the conversion:
 * - A reference with words of its own becomes an `allOf` of one member there. Around a string, a number or a choice of
 *   schemas, generators and mocks read that as an object, so these are written out where they are used.
 * - `links` name their parameters `id`, which some validators take for the id of a schema.
 */
function prepared(document: Json): Json {
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const isWrittenOut = ({ type, anyOf, oneOf }: Json) =>
    anyOf !== undefined || oneOf !== undefined || (typeof type === "string" && !["object", "array"].includes(type));
  const isNull = (node: Json) => node.type === "null";
  const targetOf = ({ $ref }: Json): Json | undefined =>
    typeof $ref === "string" && $ref.startsWith(SCHEMAS) ? schemas[$ref.slice(SCHEMAS.length)] : undefined;
  /**
   * 3.0 has no type `null`: `nullable` counts beside a type alone, and a reference has no place for it. Around an `allOf` it has no
   * effect, as the schema that is referred to still refuses `null`. So the object is written out.
   */
  const orNull = (node: Json): Json => {
    if (Array.isArray(node.anyOf)) return { ...node, anyOf: node.anyOf.map(orNull) };
    const target = targetOf(node);
    if (!target) return { ...node, nullable: true };
    if (target.allOf) throw new Error(`${node.$ref} is composed, so that its null has no form in OpenAPI 3.0.`);
    return { ...(mapObjects(target, writeOut) as Json), nullable: true };
  };
  /** Beside `nullable`, some validators add `null` to the listed values themselves, and refuse a list that has it twice. */
  const withoutNull = (node: Json): Json =>
    Array.isArray(node.enum) ? { ...node, enum: node.enum.filter((value) => value !== null) } : node;
  const writeOut = (node: Json): Json => {
    const object = withoutNull(node);
    if (Array.isArray(object.anyOf) && object.anyOf.some(isNull)) {
      const { anyOf, ...own } = object;
      const [only, ...more] = (anyOf as Json[]).filter((node) => !isNull(node));
      if (only && !more.length) return { ...orNull(only), ...own };
    }
    const target = targetOf(object);
    const { $ref: _, ...own } = object;
    return target && isWrittenOut(target) ? { ...(mapObjects(target, writeOut) as Json), ...own } : object;
  };
  const changed = mapObjects(withoutLinks(document), writeOut) as Json & {
    components: { schemas: Record<string, Json> };
  };
  const used = referredTo(changed);
  const kept = Object.entries(changed.components.schemas).filter(([name]) => used.has(name));
  return { ...changed, components: { ...changed.components, schemas: Object.fromEntries(kept) } };
}

/** Writes the bundle in `folder` once more as OpenAPI 3.0, for tools that do not read 3.1 yet. */
export async function downConvert(folder: string): Promise<void> {
  const document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  const converted = new Converter(prepared(document), { allOfTransform: true }).convert();
  await writeFile(join(folder, "openapi-3.0.yaml"), stringify(converted, { aliasDuplicateObjects: false }));
  await writeFile(join(folder, "openapi-3.0.json"), `${JSON.stringify(converted, null, 2)}\n`);
}
