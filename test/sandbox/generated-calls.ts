import { type NamedOperation, requestSchema } from "@imcloud/openapi-tools/document";
import { fillPath } from "@imcloud/openapi-tools/examples";
import fc from "fast-check";
import { values } from "../conformance/values.ts";
import { document, operations, pathParameters, requestExamples } from "../support/document.ts";

/** A call without its credentials. */
export interface GeneratedCall {
  operation: NamedOperation;
  method: string;
  /** The path below the base URL, with its query. */
  target: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Edge cases that request schemas often allow. */
const HOSTILE: readonly unknown[] = [
  ...[null, "", "0", "7", "-1", "1e400", "NaN", 0, -1, 0.5, 1e308, -1e308, 2 ** 53, true, [], {}, [null]],
  ...["9999-12-31", "0001-01-01", "0000-00-00", "2026-13-45", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z"],
  ...["+275760-09-13T00:00:00Z", "1969-12-31T23:59:59.999Z", "2026-02-30", "2026-10-06"],
  ...["x".repeat(5_000), "\u0000", "\ud800", "__proto__", "renewal", "Renewal", "CL", "AS", "99999999999999999999.99"],
];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The places of a value where another value can be put. */
function placesIn(value: unknown): [holder: Record<string, unknown>, key: string][] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => [[value, key] as [typeof value, string], ...placesIn(value[key])]);
}

/** A body with hostile values in some places. */
const mutated = (body: unknown): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(fc.nat(), fc.constantFrom(...HOSTILE)), { minLength: 1, maxLength: 2 }).map((changes) => {
    const copy = structuredClone(body);
    for (const [at, value] of changes) {
      const places = placesIn(copy);
      const place = places[at % places.length];
      if (place) place[0][place[1]] = structuredClone(value);
    }
    return copy;
  });

function bodies(operation: NamedOperation): fc.Arbitrary<string | undefined> {
  const schema = requestSchema(document, operation.operation);
  if (!schema) return fc.constant(undefined);
  const examples = requestExamples(operation).map(([, body]) => body);
  const generated = fc.oneof(values(document, schema, "sometimes"), values(document, schema, "always"));
  const good = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...examples) }, generated);
  const any = fc.oneof(good, fc.constantFrom(...examples).chain(mutated), generated.chain(mutated));
  const json = any.map((body) => JSON.stringify(body));
  return fc.oneof({ weight: 20, arbitrary: json }, fc.constantFrom('{"a":', "[]", "null", "7", ""));
}

function queries({ parameters }: NamedOperation): fc.Arbitrary<string> {
  const names = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  if (!names.length) return fc.constant("");
  const texts = HOSTILE.filter((value) => typeof value === "string" || typeof value === "number").map(String);
  const known = [
    "2",
    "0",
    "500",
    "1002101",
    "700401",
    "completed",
    "active",
    "2026-10-01",
    "2026-10-01T00:00:00Z",
    "Bright",
  ];
  const value = fc.constantFrom(...texts.filter((text) => text.isWellFormed()), ...known, ...known);
  const pairs = fc.array(fc.tuple(fc.constantFrom(...names, "unknown"), value), { maxLength: 3 });
  return fc.oneof(
    fc.constant(""),
    pairs.map((all) => (all.length ? `?${new URLSearchParams(all)}` : "")),
  );
}

/** Ids of the initial data, of data that calls create, and of nothing. */
const SOME_IDS = ["900304", "900305", "900310", "1002103", "700402", "700403", "1", "999999999"];

function paths(operation: NamedOperation): fc.Arbitrary<string> {
  const known = pathParameters(operation);
  const some = fc.constantFrom(...SOME_IDS).map((id) => ({ ...known, [String(Object.keys(known).at(-1))]: id }));
  return fc
    .oneof({ weight: 2, arbitrary: fc.constant(known) }, Object.keys(known).length ? some : fc.constant(known))
    .map((parameters) => fillPath(operation.path, parameters));
}

/** Arbitrary calls of an operation: most are valid, many wrong in ways that clients are. */
export const callsOf = (operation: NamedOperation): fc.Arbitrary<GeneratedCall> =>
  fc.tuple(paths(operation), queries(operation), bodies(operation)).map(([path, query, body]) => ({
    ...{ operation, method: operation.method.toUpperCase(), target: `${path}${query}`, body },
    headers: body ? { "content-type": "application/json" } : {},
  }));

/** The operations that need a token. */
export const signedOperations = operations.filter(({ id }) => id !== "token_create");

/** The operations that write. */
export const writes = signedOperations.filter(({ method }) => method !== "get");

/** Calls of some operations, reproducible by the seed. */
export const sampleCalls = (of: readonly NamedOperation[], count: number, seed: number): GeneratedCall[] =>
  fc.sample(fc.oneof(...of.map(callsOf)), { numRuns: count, seed });
