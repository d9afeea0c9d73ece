import type { Document } from "../document.ts";
import { type Constraint, type MergedSchema, mergedSchema } from "../fields.ts";

/** Formats of strings, in words. */
const FORMATS: Record<string, string> = {
  date: "date",
  "date-time": "date and time",
  uuid: "UUID",
  uri: "URL",
  email: "email address",
};

const plural = (type: string) => (type === "any value" ? "any values" : type.replace(/^(\w+)/, "$1s"));

/** A type in words: `string`, `array of objects`, `number or string`, `map of strings`. */
export function typeOf(document: Document, merged: MergedSchema): string {
  const { types, items, members, properties, formats } = merged;
  if (items) return `array of ${plural(typeOf(document, mergedSchema(document, items)))}`;
  if (members && !properties.size) return `map of ${plural(typeOf(document, mergedSchema(document, members)))}`;
  const texts = formats.map((format) => FORMATS[format] ?? `string (${format})`);
  const names = types.flatMap((type) => (type === "string" && texts.length ? texts : type));
  return names.join(" or ") || (properties.size ? "object" : "any value");
}

type Bounds = MergedSchema["constraints"];

function range(bounds: Bounds, least: Constraint, most: Constraint, unit = ""): string[] {
  const [from, to] = [bounds[least], bounds[most]];
  const counted = (bound: string | number) => [bound, unit && (bound === 1 ? unit : `${unit}s`)].join(" ").trim();
  if (from !== undefined && to !== undefined) return [from === to ? counted(from) : `from ${from} to ${counted(to)}`];
  if (from !== undefined) return [`at least ${counted(from)}`];
  return to === undefined ? [] : [`up to ${counted(to)}`];
}

/** What narrows a value, in words of Markdown. */
export function boundsOf({ constraints }: MergedSchema): string[] {
  return [
    ...range(constraints, "minimum", "maximum"),
    ...range(constraints, "minLength", "maxLength", "character"),
    ...range(constraints, "minItems", "maxItems", "element"),
    ...(constraints.pattern === undefined ? [] : [`matches \`${constraints.pattern}\``]),
  ];
}
