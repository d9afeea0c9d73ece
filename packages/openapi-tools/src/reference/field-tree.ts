import type { Document, Parameter, Reference, Schema, Source } from "../document.ts";
import { componentName, resolve } from "../document.ts";
import { type Direction, type MergedSchema, mergedSchema } from "../fields.ts";
import { boundsOf, typeOf } from "./words.ts";

/** A field, parameter or header, as pages, search and Markdown show it. */
export interface FieldNode {
  name: string;
  /** Where it stands in its body: `products[].parameters[].name`; `*` for a member of a map. */
  place: string;
  /** Its anchor on the page of what has it: `request-products-quantity`. */
  anchor: string;
  /** In words: `string`, `array of objects`, `number or string`. */
  type: string;
  /** `null` may stand in its place. */
  nullable: boolean;
  required: boolean;
  deprecated: boolean;
  /** Markdown. */
  description: string;
  /** The values that are listed; empty where none are. */
  values: unknown[];
  /** Other values than the listed can come. */
  isOpen: boolean;
  /** Of a state: those that can follow each; empty where the document tells of none. */
  lifeCycle: LifeCycleState[];
  /** `undefined` where there is none. */
  default: unknown;
  /** A value in this place, of an example of the whole body where one has it; `undefined` where none is known. */
  example: unknown;
  /** What narrows a value, in words: `up to 19 characters`, `at least 1`. */
  bounds: string[];
  /** Where it comes from; `undefined` for the vendor's document. */
  source: Source | undefined;
  /** The component of its value, or of the elements of its list. */
  component: string | undefined;
  /** Fields inside it, of it or of its elements. */
  fields: FieldNode[];
  /** It is what it stands in: its fields are not told again. */
  isRecursive: boolean;
}

/** A state with the ones that can follow it directly. */
export interface LifeCycleState {
  name: string;
  next: string[];
}

/** What a tree is of. */
export interface TreeOptions {
  direction: Direction;
  /** How its anchors begin. */
  prefix: string;
  /** Whole bodies, from which examples of single fields are taken. */
  examples: unknown[];
}

/** The values in a place of some bodies, of every element where it is in a list. */
function valuesAt(bodies: unknown[], step: string): unknown[] {
  return bodies.flatMap((body) => {
    if (typeof body !== "object" || body === null) return [];
    if (step === "[]") return Array.isArray(body) ? body : [];
    if (step === "*") return Object.values(body);
    const value = (body as Record<string, unknown>)[step];
    return value === undefined ? [] : [value];
  });
}

const isSimple = (value: unknown) => value !== null && typeof value !== "object";

const anchorOf = (prefix: string, place: string) =>
  [
    prefix,
    ...place
      .replaceAll("[]", "")
      .split(".")
      .map((part) => (part === "*" ? "any" : part)),
  ]
    .filter(Boolean)
    .join("-");

/** A schema's own example. That of a shared component, such as any identifier, says nothing of this place. */
function ownExample(document: Document, node: Reference<Schema>): unknown {
  if ("examples" in node && node.examples?.length) return node.examples[0];
  if (componentName(node) !== undefined) return undefined;
  const parts = "$ref" in node ? [] : [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return parts.map((part) => ownExample(document, part)).find((example) => example !== undefined);
}

/** The component of a value, also of one that can be `null` instead. */
function valueComponent(node: Reference<Schema>): string | undefined {
  if ("$ref" in node) return componentName(node);
  const forms = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter(
    (form) => !("type" in form && form.type === "null"),
  );
  return forms.length === 1 ? componentName(forms[0]) : undefined;
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .match(/[\w`]+/g)
    ?.filter((word) => !["a", "an", "the"].includes(word)) ?? [];

/** A text without its first sentence, where another text says that one already: "State of an account." after "State of the account." */
function withoutRepeated(text: string, said: string): string {
  const [first = ""] = text.match(/^[^\n]*?\.(?=\s|$)/) ?? [];
  const known = wordsOf(said);
  return first && wordsOf(first).every((word) => known.includes(word)) ? text.slice(first.length).trimStart() : text;
}

/** What is said in its place, and of named values what each means, which the component alone says. */
function describe(document: Document, node: Reference<Schema>, { description, values }: MergedSchema): string {
  const general = componentName(node) === undefined ? undefined : resolve(document, node).description;
  if (!values || !general || general === description) return description;
  return `${description}\n\n${withoutRepeated(general, description)}`.trim();
}

/** @throws {@link Error} when a life cycle names a state that is no known value */
function lifeCycleOf(document: Document, node: Reference<Schema>, { values }: MergedSchema): LifeCycleState[] {
  const cycle = resolve(document, node)["x-life-cycle"] ?? {};
  const states = Object.entries(cycle).map(([name, next]) => ({ name, next }));
  const named = states.flatMap((state) => [state.name, ...state.next]);
  const strange = named.find((name) => !values?.includes(name));
  if (strange) throw new Error(`x-life-cycle names ${strange}, which is no value of ${JSON.stringify(values)}.`);
  return states;
}

/** What is said of a schema, wherever it stands. */
function factsOf(document: Document, node: Reference<Schema>, merged: MergedSchema, values: unknown[]) {
  return {
    type: typeOf(document, merged),
    nullable: merged.nullable,
    deprecated: merged.deprecated,
    description: describe(document, node, merged),
    values: merged.values ?? [],
    isOpen: merged.isOpen,
    lifeCycle: lifeCycleOf(document, node, merged),
    default: merged.default,
    example: values.find(isSimple) ?? ownExample(document, node),
    bounds: boundsOf(merged),
  };
}

/** What has to be there comes first, what should not be used last; the rest is in the order of the document. */
const rank = ({ required, deprecated }: FieldNode) => (required ? 0 : deprecated ? 2 : 1);

/** What the fields of a value are in: the value itself, what a list holds, what the members of a map are. */
interface Inside {
  merged: MergedSchema;
  place: string;
  values: unknown[];
  above: object[];
}

/**
 * The fields of a body as a tree, with all that it is composed of merged. What is marked `readOnly` is in no request, what is
 * `writeOnly` in no response. A schema within itself is told once.
 */
export function fieldTree(document: Document, root: Reference<Schema>, options: TreeOptions): FieldNode[] {
  const { direction, prefix, examples } = options;

  function inside({ merged, place, values, above }: Inside): FieldNode[] {
    if (merged.items) return within(merged.items, `${place}[]`, valuesAt(values, "[]"), above);
    const start = place && `${place}.`;
    const own = [...merged.properties].flatMap(([name, { schema, required, source }]) =>
      field(schema, { name, place: start + name, required, source, values: valuesAt(values, name), above }),
    );
    const sorted = [...own].sort((one, other) => rank(one) - rank(other));
    if (!merged.members) return sorted;
    const at = { name: "*", place: `${start}*`, required: false, source: undefined };
    return [...sorted, ...field(merged.members, { ...at, values: valuesAt(values, "*"), above })];
  }

  function within(node: Reference<Schema>, place: string, values: unknown[], above: object[]): FieldNode[] {
    const target = resolve(document, node);
    if (above.includes(target)) return [];
    return inside({ merged: mergedSchema(document, node), place, values, above: [...above, target] });
  }

  type At = Pick<FieldNode, "name" | "place" | "required" | "source"> & { values: unknown[]; above: object[] };
  function field(node: Reference<Schema>, { values, above, ...at }: At): FieldNode[] {
    const merged = mergedSchema(document, node);
    if (direction === "request" ? merged.readOnly : merged.writeOnly) return [];
    const target = resolve(document, node);
    const isRecursive = [target, merged.items && resolve(document, merged.items)].some(
      (schema) => schema !== undefined && above.includes(schema),
    );
    const fields = isRecursive ? [] : inside({ merged, place: at.place, values, above: [...above, target] });
    return [
      {
        ...at,
        ...factsOf(document, node, merged, values),
        anchor: anchorOf(prefix, at.place),
        component: valueComponent(node) ?? componentName(merged.items),
        fields,
        isRecursive,
      },
    ];
  }

  return within(root, "", examples, []);
}

/** A parameter as a field of the place that it is sent in, `path-id`. */
export function parameterNode(document: Document, parameter: Parameter): FieldNode {
  const schema = parameter.schema ?? {};
  const { "x-source": source } = parameter;
  const facts = factsOf(document, schema, mergedSchema(document, schema), []);
  const [named] = Object.values(parameter.examples ?? {});
  return {
    ...facts,
    name: parameter.name,
    place: parameter.name,
    anchor: `${parameter.in}-${parameter.name}`,
    required: parameter.required ?? false,
    deprecated: (parameter.deprecated ?? false) || facts.deprecated,
    description: parameter.description ?? facts.description,
    example: parameter.example ?? (named && resolve(document, named).value) ?? facts.example,
    source,
    component: undefined,
    fields: [],
    isRecursive: false,
  };
}

/** Every node of some trees, from the outside in. */
export const eachField = (fields: FieldNode[]): FieldNode[] =>
  fields.flatMap((field) => [field, ...eachField(field.fields)]);
