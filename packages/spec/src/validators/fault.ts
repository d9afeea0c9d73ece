/** Where in a message a fault is. */
export type FaultPlace = "path" | "query" | "header" | "body" | "status" | "security";

/** One thing in a request or a response that is not as the document has it. It never holds a value of the message. */
export interface Fault {
  /** The part of the message. */
  in: FaultPlace;
  /** The name of the parameter or header, as the document writes it. */
  name?: string;
  /** JSON Pointer (RFC 6901) to the place in the body, or in the value of the parameter; empty for all of it. */
  pointer: string;
  /**
   * The JSON Schema keyword that does not hold, for example `maxLength`. Besides these: `style` (a parameter is not serialized as
   * the document says), `contentMediaType` (a body of another media type), `unexpected` (a body where none is documented),
   * `status` (a status that is not documented), `security` (no documented credentials) and `maxDepth` (a value that nests deeper than
   * can be checked).
   */
  keyword: string;
  /** What the place must be, for example `must be integer`. {@link describeFault} makes a sentence of it. */
  message: string;
}

/**
 * The most faults that are reported of one message. A body with a hundred thousand wrong rows costs no more than one with a
 * hundred.
 */
export const MAX_FAULTS = 100;

/** The most characters of a name out of a message that a report repeats. */
const MAX_NAME = 100;

/** What Ajv reports, as far as it is read here. */
export interface SchemaError {
  keyword: string;
  instancePath: string;
  message?: string;
  params: Record<string, unknown>;
}

/** A generated validator. It leaves what it found on itself, as all of Ajv's do. */
export interface SchemaCheck {
  (value: unknown): boolean;
  errors?: SchemaError[] | null;
}

const shorten = (text: string): string => (text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text);

const valuesOf = (values: unknown): string =>
  (values as unknown[]).map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ");

/** What a place must be, with what Ajv leaves out of its messages: the values of an enum, the name of what is too much. */
function messageOf({ keyword, message = `must fit ${keyword}`, params }: SchemaError): string {
  if (keyword === "enum") return `${message}: ${valuesOf(params.allowedValues)}`;
  if (keyword === "const") return `${message}: ${valuesOf([params.allowedValue])}`;
  const surplus = params.additionalProperty ?? params.unevaluatedProperty;
  return surplus === undefined ? message : `${message}; found "${shorten(String(surplus))}"`;
}

/**
 * Checks a value and adds what is wrong with it to `faults`, up to {@link MAX_FAULTS}.
 * @param name of the parameter or header
 */
export function check(faults: Fault[], validate: SchemaCheck, value: unknown, place: FaultPlace, name?: string): void {
  let errors: readonly SchemaError[];
  try {
    if (validate(value)) return;
    errors = validate.errors ?? [];
  } catch (error) {
    // A value that nests deeper than the stack is long.
    if (!(error instanceof RangeError)) throw error;
    errors = [{ keyword: "maxDepth", instancePath: "", message: "must not nest so deeply", params: {} }];
  } finally {
    // Kept, they would hold the message in memory until the next one.
    validate.errors = null;
  }
  for (const error of errors) {
    if (faults.length >= MAX_FAULTS) return;
    const pointer = error.instancePath.split("/").map(shorten).join("/");
    const fault: Fault = { in: place, pointer, keyword: error.keyword, message: messageOf(error) };
    if (name !== undefined) fault.name = name;
    faults.push(fault);
  }
}

const unescapeStep = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

/**
 * A fault as a sentence without its full stop, for example `Request body property products.0.id must be string`.
 * @param side what the message is, for example `Request`
 */
export function describeFault({ in: place, name, pointer, message }: Fault, side: "Request" | "Response"): string {
  if (place === "status" || place === "security") return `${side} ${message}`;
  const inside = pointer.split("/").slice(1).map(unescapeStep);
  const steps = name === undefined ? inside : [name, ...inside];
  const noun = place === "body" ? "property" : "parameter";
  return [side, place, ...(steps.length ? [noun, steps.join(".")] : []), message].join(" ");
}
