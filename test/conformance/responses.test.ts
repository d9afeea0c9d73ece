import { createClient, ValidationError } from "@imcloud/client";
import { validator } from "@imcloud/client/validate";
import { type NamedOperation, type Reference, responseSchema, type Schema } from "@imcloud/openapi-tools/document";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordCall } from "../coverage/record.ts";
import { document, knownIds, operations, requestExamples } from "../support/document.ts";
import { faultsIn } from "./faults.ts";
import { completeValue, values } from "./values.ts";

let respondedBody: unknown;

/** A client that gets {@link respondedBody} in response to every call, and validates it. */
const imcloud = createClient({
  baseUrl: "http://127.0.0.1:9/marketplace",
  marketplace: "se",
  auth: { token: async () => "any" },
  rateLimit: false,
  retry: false,
  validate: validator({ onDifference: "throw" }),
  logLevel: "off",
  fetch: async () => new Response(JSON.stringify(respondedBody), { headers: { "content-type": "application/json" } }),
});

/** Calls an operation by its method, and has a body come in response. */
async function call(operation: NamedOperation, body: unknown): Promise<unknown> {
  respondedBody = body;
  const resources = imcloud as unknown as Record<string, Record<string, (...words: unknown[]) => Promise<unknown>>>;
  const [example] = requestExamples(operation);
  return resources[operation.resource]?.[operation.name]?.(...knownIds(operation), ...(example ? [example[1]] : []));
}

const operationsWithSchema = operations
  // The client reads the token itself, before validation.
  .filter(({ id }) => id !== "token_create")
  .map((operation) => ({
    id: operation.id,
    operation,
    schema: responseSchema(document, operation.operation) as Reference<Schema>,
  }));

describe.each(operationsWithSchema)("response of $id", ({ operation, schema }) => {
  test("passes the client's validation when it fits the schema", async () => {
    await fc.assert(
      fc.asyncProperty(values(document, schema, "sometimes"), async (body) => {
        await call(operation, body);
      }),
      { numRuns: 10 },
    );
  });

  test("fails the client's validation at the place of the broken constraint", async () => {
    const complete = completeValue(document, schema);
    await call(operation, complete);
    recordCall(operation, { status: 200, responseBody: complete });
    const faults = faultsIn(document, schema, complete);
    expect(faults.length).toBeGreaterThan(0);
    for (const { constraint, place, value } of faults) {
      const error = await call(operation, value).then(
        () => undefined,
        (reason) => reason,
      );
      const name = `${constraint} of ${place.join(".") || "the body"}`;
      expect(error, name).toBeInstanceOf(ValidationError);
      const where = constraint === "required" ? place.slice(0, -1) : place;
      const places = (error as ValidationError).differences.map((difference) => JSON.stringify(difference));
      expect(places.join(), name).toContain(where.filter((step) => typeof step === "string").at(-1) ?? "");
    }
  });
});
