import { fileURLToPath } from "node:url";
import { AuthenticationError, BadRequestError, createClient, type StoredToken } from "@imcloud/client";
import { type NamedOperation, resolve } from "@imcloud/openapi-tools/document";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { document, operations, pathParameters, requestExamples, responsesOf } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { type Prism, servePrism, startPrism } from "../support/prism.ts";
import { skipEach } from "../support/skip.ts";
import { badCall, callOperation, type Edit, failureOf } from "./calls.ts";

/** A response of the document with its examples. */
interface DocumentedResponse {
  status: number;
  type: string;
  name: string;
  value: unknown;
}

const documentedResponses = (operation: NamedOperation): DocumentedResponse[] =>
  responsesOf(operation).flatMap(({ status, content = {} }) =>
    Object.entries(content).flatMap(([type, { examples = {} }]) =>
      Object.entries(examples).map(([name, example]) => ({
        status,
        type,
        name,
        value: resolve(document, example).value,
      })),
    ),
  );

/** The operation that shows each example first: many share those of their errors. */
const firstShownBy = new Map<unknown, string>();
for (const operation of operations) {
  for (const { value } of documentedResponses(operation)) {
    if (!firstShownBy.has(value)) firstShownBy.set(value, operation.id);
  }
}

/** Examples that Prism is asked for by their names: those that no operation before shows, and at night all. */
const preferredResponses = (operation: NamedOperation): DocumentedResponse[] =>
  documentedResponses(operation).filter(({ value }) => isNightly || firstShownBy.get(value) === operation.id);

const documentedBodies = (operation: NamedOperation, status: number) =>
  documentedResponses(operation).flatMap((shown) => (shown.status === status ? [shown.value] : []));

/** The type of `http`, independent of the operation. */
type AnyHttp = Record<
  string,
  (path: string, init: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
>;

const credentials = { username: "demo.api", password: "demo-password" };

const fileOf = (name: string) => fileURLToPath(import.meta.resolve(`@imcloud/spec/${name}`));

describe("prism mock", () => {
  test("starts with the document, and responds with an example of it", async () => {
    const prism = await startPrism(fileOf("openapi.yaml"));
    try {
      const imcloud = createClient({ baseUrl: prism.url, marketplace: "se", auth: credentials, retry: false });
      const [operation] = operations.filter(({ id }) => id === "customers_get");
      expect(documentedBodies(operation as NamedOperation, 200)).toContainEqual(await imcloud.customers.get("1002101"));
    } finally {
      await prism.close();
    }
  });
});

// The same server, in this process.
describe.each(["openapi.yaml", "openapi-3.0.yaml"])("stock Prism with %s", (file) => {
  let prism: Prism;
  beforeAll(async () => {
    prism = await servePrism(fileOf(file));
  });
  afterAll(() => prism?.close());

  // Prism responds to each sign-in with the same example: the clients below share it.
  let token: StoredToken | undefined;
  const tokenStore = {
    get: () => token,
    set: (signedIn: StoredToken) => {
      token = signedIn;
    },
  };

  const client = (edit: Edit = () => {}) =>
    createClient({
      baseUrl: prism.url,
      marketplace: "se",
      auth: credentials,
      tokenStore,
      subscriptionKey: "demo-subscription-key",
      clientId: "imcloud-tests",
      ...{ retry: false, rateLimit: false },
      fetch: (request) => fetch(edit(request) ?? request),
    });

  const callHttp = (
    operation: NamedOperation,
    body: unknown,
    headers: Record<string, string> = {},
    imcloud = client(),
  ) => {
    const call = (imcloud.http as unknown as AnyHttp)[operation.method.toUpperCase()];
    if (!call) throw new Error(`The client's http has no ${operation.method}.`);
    return call(operation.path, {
      params: { path: pathParameters(operation) },
      headers: {
        // `http` signs in for every operation except the sign-in.
        ...(operation.id === "token_create" && {
          authorization: `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`,
        }),
        ...headers,
      },
      body,
    });
  };

  describe.each(operations.map((operation, at) => [operation.id, operation, at % 3 === 0] as const))(
    "%s",
    (_id, operation, isSampled) => {
      // The 3.0 form is made from the other by rules for all operations, and lint checks its examples against its schemas.
      skipEach(isNightly || isSampled || file === "openapi.yaml" ? undefined : "tried at night");

      const examples = requestExamples(operation).map(([, body]) => body);
      const bodies = examples.length ? examples : [undefined];

      test("responds to every example of its request as an example of its response does", async () => {
        for (const body of bodies) {
          const ofResource = await callOperation(client(), operation, { body });
          // The client's page has methods of its own, which JSON leaves out.
          const data = JSON.parse(JSON.stringify(ofResource.data));
          expect(documentedBodies(operation, ofResource.response.status)).toContainEqual(data);
          const ofHttp = await callHttp(operation, body);
          expect(ofHttp).toMatchObject({ data, response: { status: ofResource.response.status } });
        }
      });

      describe("Prefer", () => {
        skipEach(isNightly || file === "openapi.yaml" ? undefined : "tried at night");

        test("responds with each example of its responses that Prefer and Accept name", async () => {
          const imcloud = client();
          for (const { status, type, name, value } of preferredResponses(operation)) {
            const prefer = { prefer: `code=${status}, example=${name}`, accept: type };
            const { data, error, response } = await callHttp(operation, bodies[0], prefer, imcloud);
            expect(response.status, name).toBe(status);
            expect(response.headers.get("content-type")?.split(";")[0], name).toBe(type);
            expect(response.ok ? data : error, name).toEqual(value);
          }
          expect(documentedResponses(operation).length).toBeGreaterThan(5);
        });

        test("responds with generated data that fits its schema where Prefer asks for dynamic", async () => {
          const { error, response } = await callHttp(operation, bodies[0], { prefer: "dynamic=true" });
          // With --errors, Prism responds 500 if the generated body does not fit the document.
          expect(error).toBeUndefined();
          expect(response.ok).toBe(true);
        });
      });

      test("rejects a call without a token", async () => {
        const isSignIn = (request: Request) => request.url.endsWith("/token") && operation.id !== "token_create";
        const imcloud = client((request) => {
          if (!isSignIn(request)) request.headers.delete("authorization");
        });
        const error = await failureOf(callOperation(imcloud, operation));
        expect(error).toBeInstanceOf(AuthenticationError);
        expect(documentedBodies(operation, 401)).toContainEqual(error.body);
      });

      test("rejects an invalid request", async () => {
        const bad = badCall(operation);
        const error = await failureOf(callOperation(client(bad.edit), operation, bad.arguments));
        expect(error).toBeInstanceOf(BadRequestError);
        expect(documentedBodies(operation, 400)).toContainEqual(error.body);
      });
    },
  );
});
