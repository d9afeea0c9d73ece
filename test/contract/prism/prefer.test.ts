import { fileURLToPath } from "node:url";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandbox } from "../../mock/sandbox.ts";
import { type Prism, servePrism } from "../../support/prism.ts";
import { tokenOf } from "../../support/token.ts";

let prism: Prism;
let mock: Mock;
let token: string;
beforeAll(async () => {
  prism = await servePrism(fileURLToPath(import.meta.resolve("@imcloud/spec/openapi.yaml")));
  mock = await startMock({ port: 0 });
  token = await tokenOf(mock);
});
afterAll(async () => {
  await prism?.close();
  await mock?.close();
});

/** How a server follows a preference: the status, and the members of the body where they identify the example. */
async function outcomeOf(url: string, path: string, prefer: string | undefined) {
  const headers = { authorization: `Bearer ${token}`, ...(prefer !== undefined && { prefer }) };
  const response = await fetch(`${url}${path}`, { headers });
  const body = (await response.json()) as Record<string, unknown>;
  // An invalid preference is a client error for both: 422 for Prism, 400 for the mock.
  if (response.status === 422 || response.status === 400) return "refused";
  const isMadeUp = /dynamic|seed/.test(`${prefer}${path}`);
  return { status: response.status, ...(response.ok && !isMadeUp && { id: body.id, type: body.type }) };
}

describe("Prefer", () => {
  test.each([
    ...["code=200", "code=429", "CODE=503", " code = 404 ", 'code="403"', "code=200, code=500", "code=500;code=200"],
    ...[
      "example=CancellationOrder",
      'example="SalesOrder"',
      "code=200, example=ChangeOrder",
      "example=ChangeOrder; a=b",
    ],
    ...["code=404, example=NotFound", "foo=bar, code=401", 'foo="a, code=401", code=403', 'foo="a;b"; c=d, code=403'],
    ...["dynamic=true", "dynamic=true, code=404", "dynamic=true, seed=7", "dynamic=false, example=SalesOrder"],
    ...["code=abc", "code=20", "code=2000", "code", "code=", "dynamic=maybe", "dynamic", "example", "seed="],
  ])("%s means the same to the mock and to stock Prism", async (prefer) => {
    const path = "/orders/900301";
    expect(await outcomeOf(mock.url, path, prefer)).toEqual(await outcomeOf(prism.url, path, prefer));
  });

  test.each([
    ...["__code=429", "__code=200&__example=CancellationOrder", "__dynamic=true", "__dynamic=true&__seed=7"],
    ...["__code=abc", "__code=200&__code=404", "__dynamic=1"],
  ])("%s means the same in the query", async (query) => {
    const path = `/orders/900301?${query}`;
    expect(await outcomeOf(mock.url, path, undefined)).toEqual(await outcomeOf(prism.url, path, undefined));
  });

  test("as a header replaces preferences in the query", async () => {
    const path = "/orders/900301?__code=429";
    for (const prefer of ["code=503", "respond-async"]) {
      const [ours, stock] = [await outcomeOf(mock.url, path, prefer), await outcomeOf(prism.url, path, prefer)];
      expect(ours).toMatchObject({ status: (stock as { status: number }).status });
    }
  });

  test("is the caller's error when it names an example that the status does not have", async () => {
    for (const prefer of ["code=200, example=None", "code=404, example=None", "code=200, example=__proto__"]) {
      expect([prefer, await outcomeOf(mock.url, "/orders/900301", prefer)]).toEqual([prefer, { status: 404 }]);
    }
  });

  test("leaves the response to the store when it has no known preference", async () => {
    expect(await outcomeOf(mock.url, "/orders/900301", "respond-async, wait=5")).toMatchObject({
      status: 200,
      id: "900301",
    });
  });

  test("is a 400 that shows the syntax when it cannot be parsed", async () => {
    const headers = { authorization: `Bearer ${token}`, prefer: "dynamic=maybe" };
    const response = await fetch(`${mock.url}/orders`, { headers });
    expect(await response.json()).toMatchObject({ status: 400, message: "Prefer: dynamic must be true or false." });
  });
});

describe.each([false, true])("Prefer with stateless %s", (stateless) => {
  test("chooses a status, an example or generated data", async () => {
    const { imcloud } = await sandbox({ stateless });
    const prefer = (asked: string) => ({ headers: { prefer: asked } });
    await expect(imcloud.orders.list({}, prefer("code=429"))).rejects.toMatchObject({ status: 429 });
    const cancellation = await imcloud.orders.get("900301", prefer("example=CancellationOrder"));
    expect(cancellation).toMatchObject({ type: "cancellation" });
    const dynamic = await imcloud.orders.get("900301", prefer("dynamic=true"));
    expect(dynamic.id).toMatch(/^[0-9]+$/);
    const usual = await imcloud.orders.get("900301");
    expect(usual).toMatchObject({ orderNumber: "SO900301" });
    expect(dynamic).not.toEqual(usual);
  });
});
