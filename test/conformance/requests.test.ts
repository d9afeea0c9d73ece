import { type Mock, startMock } from "@imcloud/mock";
import { type NamedOperation, requestSchema } from "@imcloud/openapi-tools/document";
import fc from "fast-check";
import { type Dispatcher, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordCall } from "../coverage/record.ts";
import { document, knownPath, operations } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { tokenOf } from "../support/token.ts";
import { faultsIn, listedIn } from "./faults.ts";
import { completeValue, values } from "./values.ts";

let mock: Mock;
let headers: Record<string, string>;
beforeAll(async () => {
  // Stateless, so that the document alone decides what is refused.
  mock = await startMock({ port: 0, stateless: true });
  headers = {
    authorization: `Bearer ${await tokenOf(mock)}`,
    "content-type": "application/json",
    "x-subscription-key": mock.credentials.subscriptionKey,
  };
});
afterAll(() => mock.close());

async function send(operation: NamedOperation, body?: unknown, query: Record<string, string> = {}) {
  const { username, password } = mock.credentials;
  const signIn = operation.id === "token_create" && { authorization: `Basic ${btoa(`${username}:${password}`)}` };
  // Not fetch, which takes longer than the mock.
  const response = await request(`${mock.url}${knownPath(operation)}?${new URLSearchParams(query)}`, {
    method: operation.method.toUpperCase() as Dispatcher.HttpMethod,
    headers: { ...headers, ...signIn },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { statusCode: status } = response;
  const responseBody = (await response.body.json()) as { message?: string };
  recordCall(operation, { query: Object.keys(query), requestBody: body, status, responseBody });
  return { status, message: String(responseBody.message) };
}

const withBody = operations.flatMap((operation) => {
  const schema = requestSchema(document, operation.operation);
  return schema ? [{ id: operation.id, operation, schema }] : [];
});

/** The operation that has each schema first: several share those of the same thing. */
const firstWith = new Map<string, string>();
for (const { id, schema } of withBody) {
  const text = JSON.stringify(schema);
  if (!firstWith.has(text)) firstWith.set(text, id);
}

describe.each(withBody)("body of $id", ({ id, operation, schema }) => {
  const isFirst = firstWith.get(JSON.stringify(schema)) === id;
  /** All values for the first operation with a schema, and every eighth for others; at night, all. */
  const sampled = <T>(values: T[]) => values.filter((_, at) => isFirst || isNightly || at % 8 === 0);

  const complete = completeValue(document, schema);
  const isSignIn = operation.id === "token_create";

  test("is accepted when it fits the schema", async () => {
    // The schema does not say which marketplaces exist.
    if (isSignIn) return expect((await send(operation, { marketplace: "se" })).status).toBe(200);
    expect(await send(operation, complete)).toMatchObject({ status: 200 });
    await fc.assert(
      fc.asyncProperty(values(document, schema, "sometimes"), async (body) => {
        expect(await send(operation, body)).toMatchObject({ status: 200 });
      }),
      { numRuns: isNightly ? 600 : 20 },
    );
  });

  test("is accepted with each listed value", async () => {
    for (const { value, place } of sampled(listedIn(document, schema, complete))) {
      expect(await send(operation, value), place.join(".")).toMatchObject({ status: 200 });
    }
  });

  test("is rejected with the constraint that it breaks", async () => {
    const faults = faultsIn(document, schema, complete);
    expect(faults.length).toBeGreaterThan(0);
    for (const { constraint, place, value } of sampled(faults)) {
      const name = `${constraint} of ${place.join(".") || "the body"}`;
      const { status, message } = await send(operation, value);
      expect(status, name).toBe(400);
      // For a missing field, its parent and its name; otherwise the place itself.
      const named =
        constraint === "required" ? [place.slice(0, -1).join("."), String(place.at(-1))] : [place.join(".")];
      for (const word of named) expect(message, name).toContain(word);
    }
  });
});

const queries = operations.flatMap((operation) =>
  operation.parameters.flatMap((parameter) => {
    const { name, schema } = parameter;
    return parameter.in === "query" && schema ? [{ id: operation.id, operation, name, schema }] : [];
  }),
);

describe.each(queries)("query parameter $name of $id", ({ operation, name, schema }) => {
  test("is accepted with values that fit, and rejected with others", async () => {
    const good = completeValue(document, schema);
    expect(await send(operation, undefined, { [name]: String(good) })).toMatchObject({ status: 200 });
    for (const { value } of listedIn(document, schema, good)) {
      expect(await send(operation, undefined, { [name]: String(value) })).toMatchObject({ status: 200 });
    }
    // In a query everything is text, so text is never of the wrong type.
    const faults = faultsIn(document, schema, good).filter(
      ({ constraint, value }) => constraint !== "type" || typeof value === "string",
    );
    for (const { constraint, value } of faults) {
      const { status, message } = await send(operation, undefined, { [name]: String(value) });
      expect([status, message], `${constraint} of ${name}`).toEqual([400, expect.stringContaining(name)]);
    }
  });
});
