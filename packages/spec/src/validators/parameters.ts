import { check, type Fault, type FaultPlace, MAX_FAULTS } from "./fault.ts";
import type { ParameterTable, Shape } from "./tables.ts";

/** The values of query parameters, percent-decoded; several of one name as an array. */
export type QueryValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A parameter that is not serialized as the document says. */
class StyleError extends Error {}

const isArray = (shape: Shape): shape is { items: Shape } => typeof shape === "object" && "items" in shape;
const isObject = (shape: Shape): shape is { properties: Record<string, Shape> } =>
  typeof shape === "object" && "properties" in shape;

/** Keeps a property called `__proto__` a property. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

/** `a,1,b,2` as an object. */
function ofAlternating(parts: readonly string[]): Record<string, unknown> {
  const object = {};
  for (let at = 0; at < parts.length; at += 2) put(object, parts[at] ?? "", parts[at + 1]);
  return object;
}

/** `a=1`, `b=2` as an object. */
function ofPairs(pairs: readonly string[]): Record<string, unknown> {
  const object = {};
  for (const pair of pairs) {
    const [key = "", ...rest] = pair.split("=");
    put(object, key, rest.length ? rest.join("=") : undefined);
  }
  return object;
}

/** Parts between separators; none in an empty text. */
const split = (text: string, separator: string): string[] => (text === "" ? [] : text.split(separator));

/** A list or an object that is one text. */
function ofText(text: string, separator: string, explode: boolean, shape: Shape): unknown {
  const parts = split(text, separator);
  if (isArray(shape)) return parts;
  return explode ? ofPairs(parts) : ofAlternating(parts);
}

const after = (text: string, prefix: string): string => {
  if (!text.startsWith(prefix)) throw new StyleError(`must begin with "${prefix}"`);
  return text.slice(prefix.length);
};

function ofMatrix(text: string, name: string, explode: boolean, shape: Shape): unknown {
  if (!explode || shape === "primitive") {
    const value = after(text, `;${name}=`);
    return shape === "primitive" ? value : ofText(value, ",", false, shape);
  }
  const parts = split(after(text, ";"), ";");
  return isArray(shape) ? parts.map((part) => after(part, `${name}=`)) : ofPairs(parts);
}

function ofJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StyleError("must be JSON");
  }
}

/**
 * Reads what stands in a path or in a header.
 * @throws {@link StyleError} when it is not serialized as the document says
 */
function readText({ name, style, explode, shape }: ParameterTable, text: string): unknown {
  if (style === "json") return ofJson(text);
  if (style === "matrix") return ofMatrix(text, name, explode, shape);
  const value = style === "label" ? after(text, ".") : text;
  if (shape === "primitive") return value;
  return ofText(value, style === "label" && explode ? "." : ",", explode, shape);
}

/** An object whose properties stand in the query under names of their own: `a=1&b=2`; `undefined` where none does. */
function ofProperties(query: QueryValues, properties: Record<string, Shape>): unknown {
  let object: Record<string, unknown> | undefined;
  for (const key of Object.keys(properties)) {
    const value = Object.hasOwn(query, key) ? query[key] : undefined;
    if (value === undefined) continue;
    object ??= {};
    put(object, key, value);
  }
  return object;
}

/** An object under `name[a]=1&name[b][c]=2`; `undefined` where none is. */
function ofBrackets(query: QueryValues, name: string, shape: Shape): unknown {
  if (shape === "primitive") return Object.hasOwn(query, name) ? query[name] : undefined;
  const prefix = `${name}[`;
  const keys = new Set<string>();
  for (const given of Object.keys(query)) {
    const end = given.indexOf("]", prefix.length);
    if (given.startsWith(prefix) && end > 0) keys.add(given.slice(prefix.length, end));
  }
  if (keys.size === 0) return undefined;
  if (isArray(shape)) {
    const indexes = [...keys].filter((key) => /^\d+$/.test(key)).sort((a, b) => Number(a) - Number(b));
    return indexes.map((index) => ofBrackets(query, `${prefix}${index}]`, shape.items));
  }
  const object = {};
  for (const key of keys) {
    const property = Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
    const value = ofBrackets(query, `${prefix}${key}]`, property ?? "primitive");
    if (value !== undefined) put(object, key, value);
  }
  return object;
}

const SEPARATORS: Partial<Record<ParameterTable["style"], string>> = { spaceDelimited: " ", pipeDelimited: "|" };

/**
 * Reads what stands in a query; `undefined` where nothing does. `name=` with nothing after it is nothing.
 * @throws {@link StyleError} when it is not serialized as the document says
 */
export function readQuery({ name, style, explode, shape }: ParameterTable, query: QueryValues): unknown {
  if (style === "deepObject") return ofBrackets(query, name, shape);
  if (isObject(shape) && explode && style === "form") return ofProperties(query, shape.properties);
  const given = Object.hasOwn(query, name) ? query[name] : undefined;
  if (given === undefined || given === "") return undefined;
  if (style === "json") return typeof given === "string" ? ofJson(given) : given;
  if (shape === "primitive") return given;
  if (explode && isArray(shape)) return typeof given === "string" ? [given] : [...given];
  // Where one is meant to hold all, the last of several counts.
  const text = typeof given === "string" ? given : (given.at(-1) ?? "");
  return ofText(text, SEPARATORS[style] ?? ",", false, shape);
}

/** Checks a parameter that `read` finds in a message. */
function checkOne(faults: Fault[], parameter: ParameterTable, place: FaultPlace, read: () => unknown): void {
  const { name, required } = parameter;
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    if (!(error instanceof StyleError)) throw error;
    faults.push({ in: place, name, pointer: "", keyword: "style", message: error.message });
    return;
  }
  if (value !== undefined) check(faults, parameter.check, value, place, name);
  else if (required) faults.push({ in: place, name, pointer: "", keyword: "required", message: "is required" });
}

/** Checks what stands in a path or in headers. */
export function checkTexts(
  faults: Fault[],
  parameters: readonly ParameterTable[],
  place: "path" | "header",
  textOf: (name: string) => string | undefined,
): void {
  for (const parameter of parameters) {
    if (faults.length >= MAX_FAULTS) return;
    checkOne(faults, parameter, place, () => {
      const text = textOf(parameter.name);
      // Nothing is an empty list, and no text or number.
      const isAbsent = text === undefined || (text === "" && parameter.shape === "primitive");
      return isAbsent ? undefined : readText(parameter, text);
    });
  }
}

/** Checks what stands in a query. */
export function checkQuery(faults: Fault[], parameters: readonly ParameterTable[], query: QueryValues): void {
  for (const parameter of parameters) {
    if (faults.length >= MAX_FAULTS) return;
    checkOne(faults, parameter, "query", () => readQuery(parameter, query));
  }
}

/** The properties of a form, which stand in it as parameters do in a query. */
export function readForm(text: string, shape: Shape): unknown {
  const given = new URLSearchParams(text);
  const object = {};
  for (const key of new Set(given.keys())) {
    const values = given.getAll(key);
    const property = isObject(shape) && Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
    put(object, key, property !== undefined && isArray(property) ? values : values.length > 1 ? values : values[0]);
  }
  return object;
}
