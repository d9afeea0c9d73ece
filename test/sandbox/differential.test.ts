import { type Mock, startMock } from "@imcloud/mock";
import { createSandbox, type Sandbox } from "@imcloud/mock/sandbox";
import type { NamedOperation } from "@imcloud/openapi-tools/document";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { knownPath, operations } from "../support/document.ts";
import { callsOf, type GeneratedCall, sampleCalls, signedOperations } from "./generated-calls.ts";

const CALLS = 600;

/** A call of each operation. */
const oneCallEach = signedOperations.flatMap((operation) => fc.sample(callsOf(operation), { numRuns: 1, seed: 7 }));

let mock: Mock;
let sandbox: Sandbox;
beforeAll(async () => {
  mock = await startMock({ port: 0, speed: 0 });
  sandbox = createSandbox({ speed: 0 });
});
afterAll(() => mock.close());

const HEADERS = ["content-type", "retry-after", "www-authenticate", "allow", "date", "cache-control"].concat([
  "access-control-allow-origin",
  "access-control-expose-headers",
  "access-control-allow-methods",
]);

/** A response without what differs between mocks: random ids, tokens and the origin of files. */
async function comparable(response: Response) {
  const { status, headers } = response;
  const text = await response.text();
  return {
    status,
    headers: Object.fromEntries(HEADERS.map((name) => [name, headers.get(name)])),
    hasCorrelation: headers.has("x-correlation-id"),
    body: text
      .replace(/a8n-[\da-f-]{36}/g, "(correlation)")
      .replace(/"(token|access_token|refresh_token)":"[^"]+"/g, '"$1":"(token)"')
      .replace(/"session_state":"[^"]+"/g, '"session_state":"(session)"')
      .replace(/https?:[^"]*(\/rde\/[^"?]+\?[^"]*sig=)[^"&]+/g, "(files)$1(signature)"),
  };
}

type Send = (target: string, init: RequestInit) => Promise<Response>;

const bySandbox: Send = (target, init) => sandbox.fetch(`${sandbox.url}${target}`, init);
const byServer: Send = (target, init) => fetch(`${mock.url}${target}`, init);

const basic = `Basic ${btoa("demo.api:demo-password")}`;
const json = { "content-type": "application/json" };

/** The tokens of the sandbox and of the server. */
let tokens: [string, string];

async function signIn(): Promise<void> {
  const init = { method: "POST", headers: { authorization: basic, ...json }, body: '{"marketplace":"se"}' };
  const [one, other] = await Promise.all(
    [bySandbox, byServer].map(async (send) => (await send("/token", init)).json() as Promise<{ token: string }>),
  );
  tokens = [String(one?.token), String(other?.token)];
}

beforeEach(async () => {
  for (const backend of [sandbox, mock]) await backend.reset();
  await signIn();
});

/** The responses of both to the same request. A broken connection is an outcome too. */
async function both(target: string, init: RequestInit, isSigned = false) {
  const outcomes = await Promise.allSettled(
    [bySandbox, byServer].map((send, at) => {
      const headers = { ...(init.headers as object), ...(isSigned && { authorization: `Bearer ${tokens[at]}` }) };
      return send(target, { ...init, headers });
    }),
  );
  const [sandboxSays, serverSays] = await Promise.all(
    outcomes.map((outcome) =>
      outcome.status === "fulfilled" ? comparable(outcome.value).catch(() => "broken body") : "broken connection",
    ),
  );
  return { sandboxSays, serverSays };
}

const callBoth = ({ method, target, headers, body }: GeneratedCall, more: Record<string, string> = {}) =>
  both(target, { method, headers: { ...headers, ...more }, body: body ?? null }, true);

const said = ({ method, target, body }: GeneratedCall) => `${method} ${target} ${body?.slice(0, 2_000) ?? ""}`;

describe("sandbox and server", () => {
  test(`respond alike to ${CALLS} calls, one after the other, as time goes by`, async () => {
    for (const [at, call] of sampleCalls(signedOperations, CALLS, 20_261_126).entries()) {
      const { sandboxSays, serverSays } = await callBoth(call);
      expect(sandboxSays, said(call)).toEqual(serverSays);
      if (at % 25) continue;
      const step = [0, 1_000, 10_000, 40 * 86_400_000][(at / 25) % 4] as number;
      await Promise.all([sandbox.advance(step), mock.advance(step)]);
      await signIn();
    }
    const statuses = new Set(sandbox.requests().map(({ status }) => status));
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404]));
  }, 120_000);

  test.each([
    ...["rateLimit", "rateLimit; retryAfter=false", "quota", "conflict; message=Busy", "gatewayTimeout", "dropBefore"],
    ...[
      "dropAfter",
      "cutBody",
      "expiredToken",
      "orderError",
      "slowBody; milliseconds=8",
      "nothing",
      "latency; wrong=x",
    ],
  ])("respond alike under the fault %s", async (fault) => {
    for (const call of oneCallEach) {
      const { sandboxSays, serverSays } = await callBoth(call, { "x-mock-fault": fault });
      expect(sandboxSays, said(call)).toEqual(serverSays);
      if (fault === "expiredToken") await signIn();
    }
  });

  test.each<[what: string, headers: Record<string, string>]>([
    ["no credentials", {}],
    ["a token of its own making", { authorization: "Bearer abc" }],
    ["a password", { authorization: basic }],
    ["an unknown scheme", { authorization: "Digest abc" }],
    ["a scheme in lower case", { authorization: basic.replace("Basic", "basic") }],
    ["a wrong subscription key", { authorization: basic, "x-subscription-key": "wrong" }],
    ["another media type", { authorization: basic, "content-type": "text/plain" }],
    ["a media type that is none", { authorization: basic, "content-type": "application" }],
  ])("respond alike to %s", async (_, headers) => {
    for (const { path, method } of operations) {
      const target = path.replaceAll(/\{\w+\}/g, "1");
      const body = method === "get" ? null : '{"marketplace":"se"}';
      const { sandboxSays, serverSays } = await both(target, { method: method.toUpperCase(), headers, body });
      expect(sandboxSays, `${method} ${target}`).toEqual(serverSays);
    }
  });

  test.each([
    ["GET", "/nowhere"],
    ["GET", "//orders/"],
    ["GET", "/eu/plans"],
    ["DELETE", "/orders"],
    ["PUT", "/orders/900301"],
    ["OPTIONS", "/orders"],
    ["GET", "/orders/%zz"],
    ["GET", "/orders/a%2Fb"],
    ["GET", "/customers?name=%ff&limit=1&limit=2"],
  ])("respond alike to %s %s", async (method, target) => {
    const { sandboxSays, serverSays } = await both(target, { method }, true);
    expect(sandboxSays).toEqual(serverSays);
  });

  test("respond alike to an operation that is overridden", async () => {
    const get = operations.find(({ id }) => id === "plans_get") as NamedOperation;
    for (const backend of [sandbox, mock]) {
      backend.override("plans_get", async (_, next) => ({ ...(await next()), name: "Overridden" }));
    }
    const { sandboxSays, serverSays } = await both(knownPath(get), {}, true);
    expect(sandboxSays).toEqual(serverSays);
    expect(sandboxSays).toMatchObject({ status: 200, body: expect.stringContaining("Overridden") });
  });
});
