import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Document, Operation } from "@imcloud/openapi-tools/document";
import { explains, readAllowlist, withDecisions } from "@imcloud/openapi-tools/drift/allowlist";
import { drift } from "@imcloud/openapi-tools/drift/cli";
import { compare } from "@imcloud/openapi-tools/drift/compare";
import { factsOf } from "@imcloud/openapi-tools/drift/facts";
import { compareCalls, type RecordedCall } from "@imcloud/openapi-tools/drift/har";
import { schemaViolations } from "@imcloud/openapi-tools/drift/schema-violations";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { vendorDocument } from "../evidence/vendor-document.ts";
import { document } from "../support/document.ts";
import { script } from "../support/script.ts";

const ours = factsOf(document);
const findViolation = schemaViolations(document);

describe("drift of the vendor's document", () => {
  const differences = compare(ours, factsOf(vendorDocument() as Document), findViolation);

  test("has a decision for every difference", async () => {
    expect(
      withDecisions(differences, await readAllowlist(paths.knownDifferences)).filter(({ decision }) => !decision),
    ).toEqual([]);
  });

  test("has a difference for every decision that is named", async () => {
    for (const entry of await readAllowlist(paths.knownDifferences)) {
      for (const place of entry.places) {
        expect(
          differences.some((difference) => explains({ ...entry, places: [place] }, difference)),
          place,
        ).toBe(true);
      }
    }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a change can be at any place of a document
type Change = (copy: any) => void;

/** Our document with a change. */
function changed(change: Change): Document {
  const copy = structuredClone(document);
  change(copy);
  return copy;
}

/** The facts of one path of a document, as a change of one place is found without the others. */
const factsOfPath = (whole: Document, path: string) => {
  const item = whole.paths[path];
  return factsOf({ ...whole, paths: item ? { [path]: item } : {} });
};

/** What is found on a path of our document with a change. */
const differencesOn = (path: string, change: Change) =>
  compare(factsOfPath(document, path), factsOfPath(changed(change), path), findViolation);

const place = "GET /customers/{id}";

test("compare needs no allowlist entry for what has an x-source", () => {
  const operation = structuredClone(document.paths["/customers"]?.get) as Operation;
  const added =
    (source: object): Change =>
    ({ paths }) => {
      paths["/invoices"] = { get: { ...operation, ...source } };
    };
  const decisionsOf = (change: Change) =>
    compare(factsOfPath(changed(change), "/invoices"), new Map()).map(({ place, decision }) => [place, decision]);
  expect(decisionsOf(added({ "x-source": { certainty: "assumed", decision: "0007" } }))).toEqual([
    ["GET /invoices", "0007"],
  ]);
  expect(decisionsOf(added({ "x-source": { certainty: "live", facts: ["FLD-06"] } }))).toEqual([
    ["GET /invoices", "FLD-06"],
  ]);
  expect(decisionsOf(added({}))).toEqual([["GET /invoices", undefined]]);
});

describe("drift of two documents", () => {
  test.each<[string, Change, { kind: string; place: string; ours?: string; theirs?: string }]>([
    [
      "a new operation",
      ({ paths }) => (paths["/invoices"] = { get: paths["/customers"].get }),
      { kind: "only theirs", place: "GET /invoices" },
    ],
    ["an operation that went", ({ paths }) => delete paths["/plans"].get, { kind: "only ours", place: "GET /plans" }],
    [
      "a new parameter",
      ({ paths }) =>
        paths["/customers"].get.parameters.push({ in: "query", name: "phone", schema: { type: "string" } }),
      { kind: "only theirs", place: "GET /customers · query · phone", theirs: "string" },
    ],
    [
      "a new field",
      ({ components }) => (components.schemas.Account.properties.phone = { type: "string" }),
      { kind: "only theirs", place: `${place} · response · phone` },
    ],
    [
      "another type",
      ({ components }) => (components.schemas.Account.properties.language = { type: "integer" }),
      { kind: "type", place: `${place} · response · language`, ours: "string", theirs: "integer" },
    ],
    [
      "a new value",
      ({ components }) => components.schemas.AccountStatus["x-extensible-enum"].push("dormant"),
      { kind: "values", place: `${place} · response · status`, ours: "-", theirs: "dormant" },
    ],
    [
      "a field that must be sent",
      ({ components }) => components.schemas.ReportCreate.required.push("format"),
      { kind: "required", place: "POST /reports · request · format", ours: "optional", theirs: "required" },
    ],
    [
      "another format",
      ({ components }) => (components.schemas.Account.properties.language = { type: "string", format: "uri" }),
      { kind: "format", place: `${place} · response · language`, ours: "-", theirs: "uri" },
    ],
    [
      "another pattern",
      ({ components }) => (components.schemas.Money.properties.currency.pattern = "^[a-z]+$"),
      { kind: "pattern", place: "GET /orders/{id} · response · total.currency", theirs: "^[a-z]+$" },
    ],
    [
      "another bound",
      ({ components }) => (components.parameters.Limit.schema.maximum = 500),
      { kind: "bounds", place: "GET /orders · query · limit", ours: "minimum 1", theirs: "minimum 1, maximum 500" },
    ],
    [
      "another default",
      ({ components }) => (components.parameters.Limit.schema.default = 25),
      { kind: "default", place: "GET /orders · query · limit", ours: "10", theirs: "25" },
    ],
    [
      "a deprecated field",
      ({ components }) => (components.schemas.Account.properties.language.deprecated = true),
      { kind: "deprecated", place: `${place} · response · language`, ours: "-", theirs: "deprecated" },
    ],
    [
      "an example of a field that ours refuses",
      ({ components }) => (components.schemas.OrderFields.properties.poNumber.examples = [7]),
      { kind: "example", place: "POST /orders · request · poNumber", theirs: "7" },
    ],
    [
      "an example of a body that ours refuses",
      ({ components }) => (components.examples.SalesOrderCreate.value.products[0].quantity = "two"),
      { kind: "example", place: "POST /orders · request" },
    ],
    [
      "an example of a parameter that ours refuses",
      ({ components }) => (components.parameters.CustomerFilter.example = "not-digits"),
      { kind: "example", place: "GET /orders · query · customerId", theirs: '"not-digits"' },
    ],
  ])("finds %s", (_what, change, expected) => {
    const [, path = ""] = /^[A-Z]+ (\S+)/.exec(expected.place) ?? [];
    expect(differencesOn(path, change)).toContainEqual(expect.objectContaining(expected));
  });

  test("finds nothing in the same document", () => {
    expect(compare(ours, ours, findViolation)).toEqual([]);
  });

  test("ignores the names of path parameters", () => {
    const renamed = changed((copy) => {
      copy.paths["/orders/{orderId}"] = copy.paths["/orders/{id}"];
      delete copy.paths["/orders/{id}"];
    });
    expect(compare(ours, factsOf(renamed))).toEqual([]);
  });
});

describe("drift of a HAR file", () => {
  const call: RecordedCall = { method: "GET", path: "/marketplace/eu/customers/1", status: 200 };
  const customer = {
    ...{ id: "1", name: "A", language: "sv", contactPersons: [] },
    address: { streetAddress: "a", postalCode: "1", city: "b", countryCode: "se" },
  };
  const seen = (...calls: Partial<RecordedCall>[]) =>
    compareCalls(
      document,
      ours,
      calls.map((part) => ({ ...call, ...part })),
    );

  test("finds nothing in calls that fit the document", () => {
    expect(seen({ responseBody: { ...customer, attributes: { any: "thing" } } })).toEqual([]);
  });

  test.each<[string, Partial<RecordedCall>, object]>([
    [
      "a path",
      { path: "/marketplace/eu/invoices/17" },
      { kind: "only theirs", place: "GET /marketplace/eu/invoices/{id}" },
    ],
    [
      "a query parameter",
      { path: "/customers?customerName=x", responseBody: { data: [], pagination: { offset: 0, limit: 10, total: 0 } } },
      { kind: "only theirs", place: "GET /customers · query · customerName" },
    ],
    ["a status", { status: 418 }, { kind: "only theirs", place: "GET /customers/{id} · status · 418" }],
    [
      "a field",
      { responseBody: { ...customer, phone: "1" } },
      { kind: "only theirs", place: "GET /customers/{id} · response · phone" },
    ],
    [
      "a type",
      { responseBody: { ...customer, name: 7 } },
      { kind: "type", place: "GET /customers/{id} · response · name", theirs: "integer" },
    ],
    [
      "a value",
      { responseBody: { ...customer, status: "dormant" } },
      { kind: "values", place: "GET /customers/{id} · response · status", theirs: "dormant" },
    ],
    [
      "a missing required field",
      { responseBody: { ...customer, name: undefined } },
      { kind: "required", place: "GET /customers/{id} · response · name" },
    ],
  ])("finds %s that the document does not have, once", (_what, part, expected) => {
    const parsed = {
      ...part,
      ...(part.responseBody !== undefined && { responseBody: JSON.parse(JSON.stringify(part.responseBody)) }),
    };
    expect(seen(parsed, parsed)).toEqual([expect.objectContaining(expected)]);
  });

  test("prints no value that could be a secret", () => {
    const found = seen({
      responseBody: { ...customer, status: "s3cr3t-4711", token: "s3cr3t-4711" },
      path: "/customers/s3cr3t-4711",
    });
    expect(JSON.stringify(found)).not.toContain("s3cr3t");
    expect(found.length).toBe(2);
  });
});

describe("npm run drift", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "imcloud-drift-test-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const command = script(fileURLToPath(new URL("../../packages/openapi-tools/src/drift/cli.ts", import.meta.url)));

  /** What the command prints, and its exit code, without a process of its own. */
  async function resultOf(...args: string[]) {
    const printed: string[] = [];
    const code = await drift(args, (text) => printed.push(text));
    return { code, stdout: printed.join("\n") };
  }

  test("ends with 0 when all differences are known, for a file and a URL", async () => {
    const file = join(folder, "vendor.json");
    await writeFile(file, JSON.stringify(vendorDocument()));
    expect(await resultOf(file)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\d+ known differences .* 0 new/),
    });
    const server = createServer((_request, response) => response.end(JSON.stringify(vendorDocument())));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      expect(await resultOf(`http://127.0.0.1:${port}/openapi.json`, "--all")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("known: 0001-sources"),
      });
    } finally {
      server.close();
    }
  });

  test("ends with 1 when there are new ones, as a table and as JSON", async () => {
    const file = join(folder, "new.json");
    await writeFile(
      file,
      JSON.stringify(changed(({ paths }) => (paths["/invoices"] = { get: paths["/customers"].get }))),
    );
    expect(await resultOf(file)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/They have, and we lack \(1\)[\s\S]*GET \/invoices +NEW/),
    });
    const { stdout, code } = await resultOf(file, "--json");
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { new: 1, known: 0, differences: [{ place: "GET /invoices" }] },
    ]);
  });

  test("reads a HAR file", async () => {
    const file = join(folder, "calls.har");
    const request = { method: "GET", url: "https://api.example/marketplace/eu/invoices" };
    await writeFile(file, JSON.stringify({ log: { entries: [{ request, response: { status: 200 } }] } }));
    // What users run, once.
    expect(await command.resultOf("--har", file)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("GET /marketplace/eu/invoices"),
    });
  });

  test.each([
    ["nothing", [], /^Give one document, or --har and one archive\./],
    ["a file that is not there", ["nowhere.yaml"], /^nowhere\.yaml cannot be read as an OpenAPI document: /],
    ["a file that is no archive", ["--har", "package.json"], /^package\.json is not an HTTP archive/],
    ["an unknown option", ["--colour"], /Unknown option '--colour'/],
  ])("says what to do for %s", async (_what, args, sentence) => {
    await expect(resultOf(...args)).rejects.toThrow(sentence);
  });

  test("ends with 2 and that sentence alone where it could not compare", async () => {
    const { code, stderr } = await command.resultOf("nowhere.yaml");
    expect(stderr).toMatch(/^nowhere\.yaml cannot be read as an OpenAPI document: /);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });
});
