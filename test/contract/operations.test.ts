import {
  type ApiError,
  AuthenticationError,
  BadRequestError,
  createClient,
  GatewayError,
  NotFoundError,
  PermissionError,
  QuotaExceededError,
  RateLimitError,
  ServerError,
  type StoredToken,
  UnknownOutcomeError,
} from "@imcloud/client";
import { type Mock, startMock } from "@imcloud/mock";
import type { NamedOperation } from "@imcloud/openapi-tools/document";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPathParameters, operations, requestExamples, responsesOf, unknownIds } from "../support/document.ts";
import { badCall, callOperation, type Edit, failureOf } from "./calls.ts";
import { checkedFetch } from "./checked-fetch.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ port: 0 });
});
afterAll(() => mock.close());

/** Clients share a sign-in, until the mock forgets it. */
let token: StoredToken | undefined;
const tokenStore = {
  get: () => token,
  set: (signedIn: StoredToken) => {
    token = signedIn;
  },
};

async function reset(): Promise<void> {
  token = undefined;
  await mock.reset();
}

const client = (edit: Edit = () => {}) => {
  const fetch = checkedFetch(mock.url);
  const { username, password, subscriptionKey, marketplace } = mock.credentials;
  return createClient({
    baseUrl: mock.url,
    marketplace,
    auth: { username, password },
    tokenStore,
    subscriptionKey,
    clientId: "imcloud-tests",
    retry: false,
    fetch: (request) => fetch(edit(request) ?? request),
  });
};

/** Prepares the store for an operation's examples, and gives the ids for its path. */
const arrangements: Record<string, () => Promise<string[]>> = {
  // A completed order cannot be canceled.
  async orders_update() {
    const parameters = [
      { name: "tenant_preference", value: "new" },
      { name: "microsoft_domain", value: "brightwater.onmicrosoft.com" },
    ];
    const products = [{ id: "500201", quantity: 1, parameters }];
    return [(await client().orders.create({ type: "sales", customerId: "1002101", products })).id];
  },
};

const OUTCOMES = ["success", "refused", "no token", "unknown id"] as const;
type Outcome = (typeof OUTCOMES)[number];

const outcomes = new Map<string, Partial<Record<Outcome, string>>>();
function saw(operation: NamedOperation, outcome: Outcome, what: number | string): void {
  outcomes.set(operation.id, { ...outcomes.get(operation.id), [outcome]: String(what) });
}

describe.each(operations.map((operation) => [operation.id, operation] as const))("%s", (_id, operation) => {
  test("succeeds with every example of its request", async () => {
    const bodies = requestExamples(operation);
    for (const body of bodies.length ? bodies.map(([, value]) => value) : [undefined]) {
      await reset();
      const ids = await arrangements[operation.id]?.();
      const { data, response } = await callOperation(client(), operation, { body, ...(ids && { ids }) });
      expect(responsesOf(operation).map(({ status }) => status)).toContain(response.status);
      expect(response.ok).toBe(true);
      expect(data).toBeTypeOf("object");
      saw(operation, "success", response.status);
    }
  });

  test("rejects an invalid request and names what is invalid", async () => {
    const bad = badCall(operation);
    const error = await failureOf(callOperation(client(bad.edit), operation, bad.arguments));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, operation: operation.id, method: operation.method.toUpperCase() });
    // Prism writes the names of path parameters in lower case.
    expect(error.message.toLowerCase()).toContain(bad.named.toLowerCase());
    expect(error.correlationId).toMatch(/^a8n-/);
    saw(operation, "refused", error.status);
  });

  test("rejects a call without a token", async () => {
    const imcloud = client((request) => {
      const isSignIn = request.url.endsWith("/token") && operation.id !== "token_create";
      if (!isSignIn) request.headers.delete("authorization");
    });
    const error = await failureOf(callOperation(imcloud, operation));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.status).toBe(401);
    saw(operation, "no token", error.status);
  });

  if (hasPathParameters(operation)) {
    test("responds 404 for an unknown id", async () => {
      const ids = unknownIds(operation);
      const error = await failureOf(callOperation(client(), operation, { ids }));
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error.message).toContain(ids.at(-1));
      saw(operation, "unknown id", error.status);
    });
  } else {
    saw(operation, "unknown id", "-");
  }

  test("fails with the error class of each documented status and content", async () => {
    const failures = responsesOf(operation).filter(({ status }) => status >= 400);
    for (const { status, content = {} } of failures) {
      for (const type of Object.keys(content)) {
        const headers = { prefer: `code=${status}`, accept: type };
        const failure = await failureOf(callOperation(client(), operation, { options: { headers } }));
        // The outcome of a write is unknown after a gateway's timeout or an unavailable platform.
        const isInDoubt =
          operation.method !== "get" &&
          !operation.operation["x-imcloud-safe"] &&
          (status > 501 || type === "text/html");
        expect(failure instanceof UnknownOutcomeError).toBe(isInDoubt);
        const error = (isInDoubt ? failure.cause : failure) as ApiError;
        expect(error).toMatchObject({ status, operation: operation.id });
        const json: Record<number, typeof ApiError> = {
          400: BadRequestError,
          401: AuthenticationError,
          403: error.headers.has("retry-after") ? QuotaExceededError : PermissionError,
          404: NotFoundError,
          429: RateLimitError,
        };
        expect(error).toBeInstanceOf(type === "text/html" ? GatewayError : (json[status] ?? ServerError));
      }
    }
  });
});

// A table of the outcomes. An empty cell has failed, or was not selected.
afterAll(() => {
  console.table(
    operations.map(({ id, method, path }) => ({
      operation: id,
      call: `${method.toUpperCase()} ${path}`,
      ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, outcomes.get(id)?.[outcome] ?? "MISSING"])),
    })),
  );
});
