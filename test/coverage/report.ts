import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, operationsOf } from "@imcloud/openapi-tools/document";
import { factsOf } from "@imcloud/openapi-tools/drift/facts";

/** One covered part of the document: a response, or a place that was sent or read. */
export interface CoverageEntry {
  what: "response" | "place";
  /** `orders_create 429`, or `POST /orders · request · poNumber`. */
  name: string;
  test: string;
}

/** The coverage of a document by all tests. */
export interface Coverage {
  /** The tests that cover each response. */
  responses: Record<string, string[]>;
  /** The tests that cover each request field and parameter. */
  sent: Record<string, string[]>;
  read: Record<string, string[]>;
}

const namesWithout = (record: Record<string, string[]>) =>
  Object.entries(record).flatMap(([name, tests]) => (tests.length ? [] : [name]));

const isSent = (place: string) => / · (request|query|header) · /.test(place);

/** Reads the coverage records of a folder. */
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
 * Prints the coverage, writes it to `folder` in full, and gives what is not covered
 * but has to be: responses, parameters and request fields.
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
