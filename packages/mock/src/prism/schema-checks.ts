import { createRequire } from "node:module";
import type { PrismHttpComponents } from "@stoplight/prism-http";
import type { IHttpParam, IMediaTypeContent } from "@stoplight/types";
import { isNone, toUndefined } from "fp-ts/lib/Option.js";

/** Something that is wrong, as Prism says it. */
export type Diagnostic = Parameters<PrismHttpComponents["mock"]>[0]["input"]["validations"][number];

/** All that is wrong with a value; empty when nothing is. */
export type Check = (value: unknown) => readonly Diagnostic[];

type Schema = NonNullable<IMediaTypeContent["schema"]>;

/** Prism's names for the two sides. */
export const [INPUT, OUTPUT] = [0, 1] as const;
type Side = typeof INPUT | typeof OUTPUT;

// Required, not imported: bundlers and Node disagree on what a CommonJS module's default import is.
const require = createRequire(import.meta.url);
const { validateAgainstSchema }: typeof import("@stoplight/prism-http/dist/validator/validators/utils.js") =
  require("@stoplight/prism-http/dist/validator/validators/utils.js");
const strips: typeof import("@stoplight/prism-http/dist/utils/filterRequiredProperties.js") =
  require("@stoplight/prism-http/dist/utils/filterRequiredProperties.js");
const mergeAllOf: (schema: Schema, options: object) => Schema = require("@stoplight/json-schema-merge-allof");

const strip = { [INPUT]: strips.stripReadOnlyProperties, [OUTPUT]: strips.stripWriteOnlyProperties };

/** A schema as Prism checks bodies by it; `undefined` where all of it belongs to the other side. */
function ready(schema: Schema, side: Side): Schema | undefined {
  let merged = schema;
  try {
    merged = mergeAllOf(schema, { deep: true, ignoreAdditionalProperties: true });
  } catch {
    // Prism takes one that cannot be merged as it stands.
  }
  return toUndefined(strip[side](merged));
}

function checkOf(schema: Schema, coerces: boolean, side: Side, prefix: string, bundle: unknown): Check {
  return (value) => {
    const found = validateAgainstSchema(value, schema, coerces, side, prefix, bundle);
    return isNone(found) ? [] : found.value;
  };
}

/** Checks bodies by a schema, which is made ready for it at the first of them. */
export function bodyCheck({ schema }: IMediaTypeContent, side: Side, bundle: unknown): Check {
  let check: Check | undefined;
  function prepare(): Check {
    const made = schema && ready(schema, side);
    return made ? checkOf(made, false, side, "body", bundle) : () => [];
  }
  return (body) => {
    check ??= prepare();
    return check(body);
  };
}

/**
 * Checks what stands in a path or in headers, by names in lower case. `undefined` where values have a form, or say something of
 * themselves, that Prism has to read.
 */
export function fieldsCheck(
  fields: readonly IHttpParam[],
  side: Side,
  prefix: "path" | "header",
  bundle: unknown,
): Check | undefined {
  const isPlain = ({ style, deprecated, schema }: IHttpParam) =>
    style === "simple" && !deprecated && schema?.type !== "array" && schema?.type !== "object";
  if (!fields.every(isPlain)) return undefined;
  if (fields.length === 0) return () => [];
  const schema = {
    type: "object",
    properties: Object.fromEntries(
      fields.flatMap(({ name, schema }) => (schema ? [[name.toLowerCase(), schema]] : [])),
    ),
    required: fields.filter(({ required }) => required).map(({ name }) => name.toLowerCase()),
  } as Schema;
  // Values are texts, whatever the schema has them be.
  return checkOf(schema, true, side, prefix, bundle);
}
