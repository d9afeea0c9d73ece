import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { CoverageEntry } from "./report.ts";
import type { NamedOperation } from "@imcloud/openapi-tools/document";
import { factsOf, placeOf } from "@imcloud/openapi-tools/drift/facts";
import { document } from "../support/document.ts";

/** The folder for coverage records, set by `npm test`. Without it nothing is recorded. */
const folder = process.env.IMCLOUD_COVERAGE;

const facts = factsOf(document);
const written = new Set<string>();

function write(what: CoverageEntry["what"], name: string): void {
  const test = expect.getState().currentTestName ?? "";
  const line = JSON.stringify({ what, name, test } satisfies CoverageEntry);
  if (!folder || written.has(line)) return;
  written.add(line);
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${line}\n`);
}

/** Records every place of the document that a value has. */
function writePlaces(place: string, value: unknown): void {
  if (facts.has(place)) write("place", place);
  if (Array.isArray(value)) for (const item of value) writePlaces(`${place}[]`, item);
  else if (typeof value === "object" && value !== null) {
    const dot = / · (request|response)$/.test(place) ? " · " : ".";
    const members = `${place}${dot}*`;
    for (const [name, member] of Object.entries(value))
      writePlaces(facts.has(members) ? members : `${place}${dot}${name}`, member);
  }
}

/** A call that a test made. */
export interface Call {
  query?: Iterable<string>;
  headers?: Iterable<string>;
  requestBody?: unknown;
  status: number;
  responseBody?: unknown;
}

/** Records the parts of the document that a call covers. */
export function recordCall(
  operation: NamedOperation,
  { query = [], headers = [], requestBody, status, responseBody }: Call,
): void {
  if (!folder) return;
  const place = placeOf(operation);
  write("response", `${operation.id} ${status}`);
  for (const name of query) writePlaces(`${place} · query · ${name}`, undefined);
  const given = new Set([...headers].map((name) => name.toLowerCase()));
  for (const name of operation.parameters.filter((parameter) => parameter.in === "header").map(({ name }) => name)) {
    if (given.has(name.toLowerCase())) writePlaces(`${place} · header · ${name}`, undefined);
  }
  if (requestBody !== undefined) writePlaces(`${place} · request`, requestBody);
  if (status === 200) writePlaces(`${place} · response`, responseBody);
}
