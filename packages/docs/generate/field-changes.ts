import type { Document } from "@imcloud/openapi-tools/document";
import { eachField, type FieldNode, type OperationModel, operationModels } from "@imcloud/openapi-tools/reference";

/** What changed of a field, in words. */
export interface FieldChange {
  /** What is sent or received: `POST /orders request`. Several where the same changed in each. */
  where: string[];
  /** `products[].quantity`. */
  place: string;
  before: string;
  after: string;
  /** Whether a program that was right before can be wrong now. */
  isBreaking: boolean;
}

interface Part {
  where: string;
  /** Whether a caller sends it. */
  isSent: boolean;
  fields: FieldNode[];
}

const partsOf = ({ method, path, parameterGroups, request, success }: OperationModel): Part[] => {
  const call = `${method.toUpperCase()} ${path}`;
  return [
    { where: `${call}, parameters`, isSent: true, fields: parameterGroups.flatMap(({ fields }) => fields) },
    { where: `${call}, request`, isSent: true, fields: request?.fields ?? [] },
    { where: `${call}, response`, isSent: false, fields: success.fields },
  ];
};

const NONE = "not there";

/** A field's facts in words, as far as they can change what a program does. */
function wordsOf({ type, nullable, required, deprecated, values, isOpen, bounds }: FieldNode): string {
  const listed = values.length && !isOpen ? `one of ${values.map((value) => JSON.stringify(value)).join(", ")}` : "";
  const facts = [
    type,
    nullable ? "or null" : "",
    required ? "required" : "",
    deprecated ? "deprecated" : "",
    listed,
    ...bounds,
  ];
  return facts.filter(Boolean).join(", ");
}

/** Whether a type takes all that another did. */
const isWider = (type: string, before: string) =>
  type === before ||
  type.startsWith(`${before} or `) ||
  type.endsWith(` or ${before}`) ||
  (before === "integer" && type.startsWith("number"));

/** Texts of a form, which are texts as well. */
const FORMATTED = /^(?:UUID|URL|date|date and time|email address|string \(.*\))$/;

/** Whether a type gives nothing that another did not. */
const isNarrower = (type: string, before: string) =>
  isWider(before, type) || (before === "string" && FORMATTED.test(type));

/** Whether a value that was fine before is refused now, or one that was promised is not any more. */
function isBreaking(isSent: boolean, before: FieldNode | undefined, after: FieldNode | undefined): boolean {
  if (!before) return isSent && after?.required === true;
  if (!after) return true;
  const [narrow, wide] = isSent ? [after, before] : [before, after];
  if (isSent ? !isWider(after.type, before.type) : !isNarrower(after.type, before.type)) return true;
  if (isSent && after.required && !before.required) return true;
  if (!isSent && before.required && !after.required) return true;
  if (wide.nullable && !narrow.nullable) return true;
  const isClosed = (field: FieldNode) => field.values.length > 0 && !field.isOpen;
  if (isSent && isClosed(after) && (!isClosed(before) || before.values.some((value) => !after.values.includes(value))))
    return true;
  // Whether one pattern takes what another did is not to be told: only bounds where there were none are surely narrower.
  return isSent && after.type === before.type && !before.bounds.length && after.bounds.length > 0;
}

const fieldsByPlace = (fields: FieldNode[]) => new Map([...eachField(fields)].map((field) => [field.place, field]));

/** What a field holds is not told again when the whole of it came or went. */
const isInside = (place: string, gone: string[]) => gone.some((outer) => place !== outer && place.startsWith(outer));

function changesOfPart(before: Part | undefined, after: Part): FieldChange[] {
  const was = fieldsByPlace(before?.fields ?? []);
  const is = fieldsByPlace(after.fields);
  const places = [...new Set([...was.keys(), ...is.keys()])];
  const whole = places.filter((place) => !was.has(place) || !is.has(place));
  return places.flatMap((place) => {
    if (isInside(place, whole)) return [];
    const [one, other] = [was.get(place), is.get(place)];
    const [old, now] = [one ? wordsOf(one) : NONE, other ? wordsOf(other) : NONE];
    if (old === now) return [];
    return [{ where: [after.where], place, before: old, after: now, isBreaking: isBreaking(after.isSent, one, other) }];
  });
}

/** What changed from a document to another, field by field, what is breaking first. The same change in several places is one. */
export function fieldChanges(base: Document, revision: Document): FieldChange[] {
  const before = new Map(operationModels(base).map((operation) => [operation.id, partsOf(operation)]));
  const merged = new Map<string, FieldChange>();
  for (const operation of operationModels(revision)) {
    partsOf(operation).forEach((part, index) => {
      for (const change of changesOfPart(before.get(operation.id)?.[index], part)) {
        const key = [change.place, change.before, change.after, change.isBreaking].join("\n");
        const known = merged.get(key);
        if (known) known.where.push(...change.where);
        else merged.set(key, change);
      }
    });
  }
  return [...merged.values()].sort((one, other) => Number(other.isBreaking) - Number(one.isBreaking));
}
