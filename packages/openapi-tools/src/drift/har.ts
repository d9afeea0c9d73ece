import { readFile } from "node:fs/promises";
import { type Document, type Endpoint, endpointsOf } from "../document.ts";
import { parseJson } from "../json.ts";
import { createPathMatcher, matchEnd, type PathMatcher } from "../path-matcher.ts";
import type { Difference } from "./compare.ts";
import { type Fact, type Facts, placeOf, readablePlaceOf } from "./facts.ts";

/** The parts of an HTTP archive that are looked at. */
interface Archive {
  log?: { entries?: Entry[] };
}

interface Entry {
  request: { method: string; url: string; postData?: { text?: string } };
  response: { status: number; content?: { text?: string; encoding?: string } };
}

/** A recorded call. */
export interface RecordedCall {
  method: string;
  /** The path from the host's root, with the query. */
  path: string;
  status: number;
  requestBody?: unknown;
  responseBody?: unknown;
}

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;

/**
 * The calls of an HTTP archive.
 * @throws {@link Error} when it is not an HTTP archive
 */
export async function readHar(file: string): Promise<RecordedCall[]> {
  const archive = parseJson(
    await readFile(file, "utf8").catch((cause: Error) => {
      throw new Error(`${file} cannot be read: ${cause.message}.`, { cause });
    }),
  ) as Archive | undefined;
  const entries = archive?.log?.entries;
  if (!Array.isArray(entries)) throw new Error(`${file} is not an HTTP archive: it has no log with entries.`);
  return entries.map(({ request, response }) => {
    const { pathname, search } = new URL(request.url);
    const { text, encoding } = response.content ?? {};
    return {
      method: request.method,
      path: pathname + search,
      status: response.status,
      requestBody: parseJson(request.postData?.text),
      responseBody: parseJson(encoding === "base64" && text ? Buffer.from(text, "base64").toString() : text),
    };
  });
}

/** A value that may be shown: a word such as a status, but nothing that could be secret or personal. */
const shown = (value: unknown) => (/^[A-Za-z_ ]{1,30}$/.test(String(value)) ? String(value) : "another value");

const isOfType = ({ types }: Fact, type: string) =>
  !types.length || type === "null" || types.includes(type) || (type === "integer" && types.includes("number"));

/** The facts of a document, with the names directly below each place. */
interface Statements {
  facts: Facts;
  named: Map<string, string[]>;
}

function statementsOf(facts: Facts): Statements {
  const named = new Map<string, string[]>();
  for (const place of facts.keys()) {
    const [, above, name] = /^(.+)(?: · |\.)([^.[]+)$/.exec(place) ?? [];
    if (above && name) named.set(above, [...(named.get(above) ?? []), name]);
  }
  return { facts, named };
}

/** The differences of a value from the facts of its place. */
function* ofValue(statements: Statements, place: string, value: unknown): Iterable<Difference> {
  const fact = statements.facts.get(place);
  const type = typeOf(value);
  if (!fact) {
    yield { kind: "only theirs", place, ours: "-", theirs: type };
    return;
  }
  if (!isOfType(fact, type)) yield { kind: "type", place, ours: fact.types.join(" or "), theirs: type };
  if (fact.values && typeof value !== "object" && !fact.values.includes(String(value))) {
    yield { kind: "values", place, ours: "-", theirs: shown(value) };
  }
  yield* below(statements, place, value);
}

/** The differences of everything below a value. An object without documented members may hold anything. */
function* below(statements: Statements, place: string, value: unknown): Iterable<Difference> {
  const { facts, named } = statements;
  if (Array.isArray(value)) {
    const items = `${place}[]`;
    for (const item of value)
      yield* facts.has(items) ? ofValue(statements, items, item) : below(statements, items, item);
  } else if (typeof value === "object" && value !== null) {
    const dot = /· (request|response)$/.test(place) ? " · " : ".";
    const members = `${place}${dot}*`;
    const names = named.get(place) ?? [];
    for (const [name, member] of names.length ? Object.entries(value) : []) {
      yield* ofValue(statements, facts.has(members) ? members : `${place}${dot}${name}`, member);
    }
    for (const name of names) {
      if (facts.get(`${place}${dot}${name}`)?.required && !(name in value)) {
        yield { kind: "required", place: `${place}${dot}${name}`, ours: "required", theirs: "left out" };
      }
    }
  }
}

function* ofCall(matcher: PathMatcher<Endpoint>, statements: Statements, call: RecordedCall): Iterable<Difference> {
  for (const found of inCall(matcher, statements, call)) {
    const match = matchEnd(matcher, call.method, call.path.split("?")[0] ?? "");
    if (match.kind !== "match") yield found;
    else yield { ...found, place: found.place.replace(placeOf(match.value), readablePlaceOf(match.value)) };
  }
}

function* inCall(matcher: PathMatcher<Endpoint>, statements: Statements, call: RecordedCall): Iterable<Difference> {
  const path = call.path.split("?")[0] ?? "";
  // The path of the base URL is unknown.
  const match = matchEnd(matcher, call.method, path);
  const theirs = { kind: "only theirs", ours: "-" } as const;
  if (match.kind !== "match") {
    // Ids are no part of a place, and could be personal.
    const place = `${call.method.toUpperCase()} ${path.replace(/\/[^/]*\d[^/]*/g, "/{id}")}`;
    yield { ...theirs, place, theirs: "" };
    return;
  }
  const { operation } = match.value;
  const place = placeOf(match.value);
  for (const name of new URL(call.path, "http://any").searchParams.keys()) {
    const parameter = `${place} · query · ${name}`;
    if (!statements.facts.has(parameter)) yield { ...theirs, place: parameter, theirs: "string" };
  }
  if (call.requestBody !== undefined) yield* below(statements, `${place} · request`, call.requestBody);
  if (!operation.responses[call.status]) yield { ...theirs, place: `${place} · status · ${call.status}`, theirs: "" };
  if (call.status < 300 && call.responseBody !== undefined)
    yield* below(statements, `${place} · response`, call.responseBody);
}

/** The differences of recorded calls from a document, without duplicates. Shows only harmless values. */
export function compareCalls(document: Document, facts: Facts, calls: RecordedCall[]): Difference[] {
  const statements = statementsOf(facts);
  const matcher = createPathMatcher(endpointsOf(document).map((endpoint) => ({ ...endpoint, value: endpoint })));
  const differences = calls.flatMap((call) => [...ofCall(matcher, statements, call)]);
  return [...new Map(differences.map((found) => [`${found.kind} ${found.place} ${found.theirs}`, found])).values()];
}
