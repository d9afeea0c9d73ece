import {
  type Document,
  type NamedOperation,
  type Reference,
  requestSchema,
  responseSchema,
  type Schema,
} from "@imcloud/openapi-tools/document";
import { readAllowlist, withDecisions } from "@imcloud/openapi-tools/drift/allowlist";
import { compare } from "@imcloud/openapi-tools/drift/compare";
import { factsOf } from "@imcloud/openapi-tools/drift/facts";
import { reachedComponents, schemasOf } from "@imcloud/openapi-tools/schema-walker";
import type { OperationId } from "@imcloud/spec/validators";
import { expect, test } from "vitest";
import rules from "../../openapi/rules/imcloud.js";
import { resourcesSource } from "../../packages/client/generate/resources.ts";
import { loadValidators } from "../../packages/spec/generate/load-validators.ts";
import { paths } from "../../scripts/paths.ts";
import { vendorDocument } from "../evidence/vendor-document.ts";
import { document, operations } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { errorShapes } from "./error-shapes.ts";
import { faultsIn, listedIn } from "./faults.ts";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { completeValue } from "./values.ts";

/** The generated values of an operation, and whether each is valid. */
interface Cases {
  operation: NamedOperation;
  requests: { value: unknown; isGood: boolean }[];
  responses: { status: number; value: unknown; isGood: boolean }[];
}

function casesOf(schema: Reference<Schema> | undefined) {
  if (!schema) return [];
  const complete = completeValue(document, schema);
  return [
    ...listedIn(document, schema, complete).map(({ value }) => ({ value, isGood: true })),
    ...faultsIn(document, schema, complete)
      .filter(({ constraint }) => constraint === "required" || constraint === "enum")
      .map(({ value }) => ({ value, isGood: false })),
  ];
}

const cases = operations.map(
  (operation): Cases => ({
    operation,
    requests: casesOf(requestSchema(document, operation.operation)),
    responses: [
      ...casesOf(responseSchema(document, operation.operation)).map((found) => ({ ...found, status: 200 })),
      ...errorShapes.flatMap(casesOf).map((found) => ({ ...found, status: 400 })),
    ],
  }),
);

const JSON_HEADERS = { "content-type": "application/json" };

type IsChanged = (operation: NamedOperation) => boolean;

/** A document with the paths of some operations alone, as what a change cannot reach is the same. */
function partOf(mutated: Document, isChanged: IsChanged): Document {
  const changed = new Set(operations.filter(isChanged).map(({ path }) => path));
  return { ...mutated, paths: Object.fromEntries(Object.entries(mutated.paths).filter(([path]) => changed.has(path))) };
}

/** Whether the conformance tests would fail: checks this document's cases with the validators of a changed document. */
async function failsCases(mutated: Document, isChanged: IsChanged): Promise<boolean> {
  const ids = cases.filter(({ operation }) => isChanged(operation));
  if (!ids.length) return false;
  const validators = await loadValidators(partOf(mutated, isChanged));
  return ids.some(({ operation, requests, responses }) => {
    const id = operation.id as OperationId;
    const path = Object.fromEntries(operation.parameters.map(({ name }) => [name, "1"]));
    return (
      requests.some(({ value: body, isGood }) => {
        const faults = validators.validateRequest(id, { path, headers: JSON_HEADERS, body });
        return faults.some(({ in: place }) => place !== "path") === isGood;
      }) ||
      responses.some(({ status, value: body, isGood }) => {
        const headers = { ...JSON_HEADERS, "x-correlation-id": "a8n-1" };
        return validators.validateResponse(id, status, { headers, body }).length > 0 === isGood;
      })
    );
  });
}

const known = await readAllowlist(paths.knownDifferences);
const operationOf = (key: string) => key.split(" · ")[0];
/** What the vendor's document says, by operation. */
const vendor = Map.groupBy(factsOf(vendorDocument() as Document), ([key]) => operationOf(key));

/** Whether the drift tests would fail: a difference from the evidence that no decision explains. */
function failsEvidence(mutated: Document, isChanged: IsChanged): boolean {
  const ours = factsOf(partOf(mutated, isChanged));
  const theirs = new Map([...new Set([...ours.keys()].map(operationOf))].flatMap((place) => vendor.get(place) ?? []));
  return withDecisions(compare(ours, theirs), known).some(({ decision }) => decision === undefined);
}

/** Whether the linter would fail: an error or a success that is not documented. */
function failsLint(mutated: Document): boolean {
  let isReported = false;
  const visitor = rules().rules.oas3["errors-documented"]?.();
  for (const [key, item] of Object.entries(mutated.paths)) {
    const location = { child: () => ({ key: () => location }) };
    const report = () => {
      isReported = true;
    };
    visitor?.PathItem(item, { key, report, location, resolve: () => ({}) });
  }
  try {
    resourcesSource(mutated);
  } catch {
    return true;
  }
  return isReported;
}

/** The operations that reach each schema, by the schema's name. */
const reachedBy = new Map(
  operations.map((operation) => [operation.id, reachedComponents(document, schemasOf(document, operation))]),
);

/** Our document with a mutation. What it cannot change is not copied. */
function mutatedBy({ kind, mutate }: Mutation): Document {
  const part = kind === "response" ? "paths" : "components";
  const mutated = { ...document, [part]: structuredClone(document[part]) };
  mutate(mutated);
  return mutated;
}

async function isCaught(mutation: Mutation): Promise<string | undefined> {
  const { kind, name } = mutation;
  const mutated = mutatedBy(mutation);
  if (kind === "response") return failsLint(mutated) ? "lint" : undefined;
  const schema = String(name.split(" of ")[1]?.split(".")[0]);
  const isChanged: IsChanged = ({ id }) => reachedBy.get(id)?.has(schema) ?? false;
  // A parameter is none of the schemas that operations reach.
  if (failsEvidence(mutated, operations.some(isChanged) ? isChanged : () => true)) return "evidence";
  return (await failsCases(mutated, isChanged)) ? "cases" : undefined;
}

test("the tests notice constraints that are taken out of the document", async () => {
  // The unchanged document fails none of the checks.
  expect(failsEvidence(document, () => true)).toBe(false);
  expect(failsLint(document)).toBe(false);
  expect(await failsCases(document, ({ resource }) => isNightly || resource === "customers")).toBe(false);

  // Each mutation compiles validators, so only a tenth is tried outside of the nightly run.
  const mutations = mutationsOf(document).filter((_, index) => isNightly || index % 10 === 0);
  const caught: Record<string, number> = {};
  const missed: string[] = [];
  for (const mutation of mutations) {
    const by = await isCaught(mutation);
    if (by) caught[by] = (caught[by] ?? 0) + 1;
    else missed.push(`${mutation.kind}: ${mutation.name}`);
  }
  const share = 1 - missed.length / mutations.length;
  const by = Object.entries(caught).map(([check, count]) => `${count} by ${check}`);
  console.log(
    `${mutations.length} mutations of the document, ${(share * 100).toFixed(1)} % caught: ${by.join(", ")}.\nMissed: ${missed.join("; ") || "none"}`,
  );
  expect(share).toBeGreaterThan(0.95);
}, 300_000);
