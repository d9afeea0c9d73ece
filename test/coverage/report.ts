import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, operationsOf } from "@imcloud/openapi-tools/document";
import { factsOf } from "@imcloud/openapi-tools/drift/facts";

/** What a test saw of the document: a response, or a place that was sent or read. One line of a record. */
export interface CoverageEntry {
  what: "response" | "place";
  /** `orders_create 429`, or `POST /orders · request · poNumber`. */
  name: string;
  test: string;
}

/** What all tests together saw of a document. */
export interface Coverage {
  /** Tests by documented response. */
  responses: Record<string, string[]>;
  /** Tests by request field, parameter and response field. */
  sent: Record<string, string[]>;
  read: Record<string, string[]>;
}

const namesWithout = (record: Record<string, string[]>) =>
  Object.entries(record).flatMap(([name, tests]) => (tests.length ? [] : [name]));

const isSent = (place: string) => / · (request|query|header) · /.test(place);

/** Reads what the tests wrote down in a folder. */
export async function readCoverage(document: Document, folder: string): Promise<Coverage> {
  const tests = new Map<string, Set<string>>();
  for (const file of await readdir(folder)) {
    for (const line of (await readFile(join(folder, file), "utf8")).split("\n").filter(Boolean)) {
      const { what, name, test }: CoverageEntry = JSON.parse(line);
      const key = `${what} ${name}`;
      tests.set(key, (tests.get(key) ?? new Set()).add(test));
    }
  }
  const of = (what: CoverageEntry["what"], names: string[]) =>
    Object.fromEntries(names.map((name) => [name, [...(tests.get(`${what} ${name}`) ?? [])].sort()]));
  const places = [...factsOf(document).keys()].filter((place) => place.includes(" · "));
  const responses = operationsOf(document).flatMap(({ id, operation }) =>
    Object.keys(operation.responses).map((status) => `${id} ${status}`),
  );
  return {
    responses: of("response", responses),
    sent: of("place", places.filter(isSent)),
    read: of(
      "place",
      places.filter((place) => !isSent(place)),
    ),
  };
}

const share = (record: Record<string, string[]>) => {
  const all = Object.keys(record).length;
  return `${all - namesWithout(record).length} of ${all}`;
};

/**
 * Tells how much of the document the tests saw, leaves the whole of it in `folder`, and gives what no test saw though one
 * has to: a response, a parameter, a request field.
 */
export async function reportCoverage(coverage: Coverage, folder: string): Promise<string[]> {
  const { responses, sent, read } = coverage;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "document.json"), `${JSON.stringify(coverage, null, 2)}\n`);
  console.log(
    `The tests cover ${share(responses)} responses of the document, send ${share(sent)} of its parameters and request fields, and read ${share(read)} of its response fields (${join(folder, "document.json")}).`,
  );
  return [
    ...namesWithout(responses).map((name) => `No test covers the response ${name}.`),
    ...namesWithout(sent).map((name) => `No test has sent ${name}.`),
  ];
}
