import { fileURLToPath } from "node:url";
import { AuthenticationError, BadRequestError, createClient } from "@imcloud/client";
import { type NamedOperation, resolve } from "@imcloud/openapi-tools/document";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { document, operations, pathParameters, requestExamples, responsesOf } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { type Prism, startPrism } from "../support/prism.ts";
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

const documentedBodies = (operation: NamedOperation, status: number) =>
  documentedResponses(operation).flatMap((shown) => (shown.status === status ? [shown.value] : []));

/** The type of `http`, independent of the operation. */
type AnyHttp = Record<
  string,
  (path: string, init: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
>;

const credentials = { username: "demo.api", password: "demo-password" };

describe.each(["openapi.yaml", "openapi-3.0.yaml"])("prism mock %s", (file) => {
  let prism: Prism;
  beforeAll(async () => {
    prism = await startPrism(fileURLToPath(import.meta.resolve(`@imcloud/spec/${file}`)));
  });
  afterAll(() => prism?.close());

  const client = (edit: Edit = () => {}) =>
    createClient({
      baseUrl: prism.url,
      marketplace: "se",
      auth: credentials,
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

  describe.each(operations.map((operation) => [operation.id, operation] as const))("%s", (_id, operation) => {
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
      // Lint checks the examples of the 3.0 form against its schemas. Prism takes as long for them as for those that it is made from.
      skipEach(isNightly || file === "openapi.yaml" ? undefined : "tried at night");

      test("responds with each example of its responses that Prefer and Accept name", async () => {
        const imcloud = client();
        const shown = documentedResponses(operation);
        for (const { status, type, name, value } of shown) {
          const prefer = { prefer: `code=${status}, example=${name}`, accept: type };
          const { data, error, response } = await callHttp(operation, bodies[0], prefer, imcloud);
          expect(response.status, name).toBe(status);
          expect(response.headers.get("content-type")?.split(";")[0], name).toBe(type);
          expect(response.ok ? data : error, name).toEqual(value);
        }
        expect(shown.length).toBeGreaterThan(5);
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
  });
});
