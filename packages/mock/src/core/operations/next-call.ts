import { type OperationId as AnyOperationId, describeFault, validateRequest } from "@imcloud/spec/validators";
import { DomainError } from "../domain/errors.ts";
import { formatValue } from "../format-value.ts";

/** The parts of a call that an override gets, and may replace. */
export interface CallParts {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | readonly string[]>>;
  body: unknown;
}

const PARTS: readonly string[] = ["params", "query", "body"] satisfies (keyof CallParts)[];

/** A copy of a body after serialization, so that validation sees what is sent. */
export function asSent(body: unknown): unknown {
  const text = JSON.stringify(body);
  return text === undefined ? undefined : JSON.parse(text);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values by name as in a URL: strings, without those that are `undefined` or `null`. */
function asTexts(name: string, values: unknown): Record<string, string | string[]> {
  if (!isObject(values ?? {})) throw new TypeError(`next takes an object as ${name}; got ${formatValue(values)}`);
  const texts: Record<string, string | string[]> = {};
  for (const [key, value] of Object.entries(values ?? {})) {
    const there = [value].flat().filter((each) => each !== undefined && each !== null);
    if (there.length) texts[key] = Array.isArray(value) ? there.map(String) : String(value);
  }
  return texts;
}

/**
 * The call that an override passes to `next`, serialized and validated as if a client had sent it.
 * @param before the call that the override got, for the parts that it does not replace
 * @throws {@link TypeError} for a value that is no call
 * @throws {@link DomainError} for a call that is not valid
 */
export function nextCall(id: AnyOperationId, before: CallParts, changed: unknown = {}): CallParts {
  if (!isObject(changed))
    throw new TypeError(`next takes a call such as { ...call, body }; got ${formatValue(changed)}`);
  const unknown = Object.keys(changed).filter((name) => !PARTS.includes(name));
  if (unknown.length) throw new TypeError(`A call has ${PARTS.join(", ")}, and no ${unknown.join(", ")}`);
  const { params, query, body }: { [Part in keyof CallParts]: unknown } = { ...before, ...changed };
  const call = { params: asTexts("params", params), query: asTexts("query", query), body: asSent(body) };
  const headers = { "content-type": "application/json" };
  const path = call.params as Record<string, string>;
  const faults = validateRequest(id, { path, query: call.query, headers, body: call.body });
  // Its headers are those of the client.
  const messages = faults.filter((fault) => fault.in !== "header").map((fault) => describeFault(fault, "Request"));
  if (messages.length) throw new DomainError(400, [...new Set(messages)].join("; "));
  return call as CallParts;
}
