import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get as getByTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createClient } from "@imcloud/client";
import { type MockOptions, startMock, startProxy } from "@imcloud/mock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { clientOf, sale, sandbox } from "./sandbox.ts";

const cli = fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function write(name: string, content: unknown): Promise<string> {
  await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return join(folder, name);
}

interface Surroundings {
  env?: Record<string, string>;
  cwd?: string;
}

/** `imcloud-mock` as a user runs it. */
function start(args: string[], { env = {}, cwd = folder }: Surroundings = {}) {
  const child = spawn(process.execPath, [cli, "--port", "0", ...args], {
    ...{ cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  });
  closing.push(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, nextLine: async () => String((await lines.next()).value) };
}

/** The state of a started mock. */
async function stateOf(args: string[], surroundings?: Surroundings): Promise<Record<string, unknown>> {
  const { nextLine } = start(args, surroundings);
  const url = /http:[^\s"]+/.exec(await nextLine())?.[0];
  const response = await fetch(new URL("/__mock/state", url));
  return (await response.json()) as Record<string, unknown>;
}

async function failureOf(args: string[], surroundings?: Surroundings, expected = 2): Promise<string> {
  const { child } = start(args, surroundings);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(code).toBe(expected);
  expect(stderr).not.toContain("    at ");
  return stderr;
}

describe("imcloud-mock's config file", () => {
  test("is found in the working directory, in JSON; the environment goes before it, and the command line before both", async () => {
    const cwd = await mkdtemp(join(folder, "json-"));
    const config = { size: "medium", seed: 7, speed: 3, time: "2027-01-01T00:00:00Z" };
    await writeFile(join(cwd, "imcloud-mock.config.json"), JSON.stringify(config));
    const env = { IMCLOUD_MOCK_SEED: "8", IMCLOUD_MOCK_SPEED: "0" };
    const state = await stateOf(["--size", "small"], { cwd, env });
    expect(state).toMatchObject({ size: "small", seed: 8, speed: 0, time: "2027-01-01T00:00:00.000Z" });
  });

  test("may be TypeScript, and its paths are relative to its folder", async () => {
    const other = await mkdtemp(join(folder, "ts-"));
    const content = 'const options: { fixtures: string } = { fixtures: "own.json" };\nexport default options;\n';
    const config = join(other, "imcloud-mock.config.ts");
    await Promise.all([writeFile(config, content), writeFile(join(other, "own.json"), '{"plans": [{"id": "1"}]}')]);
    expect(await stateOf(["--config", config])).toMatchObject({ counts: { plans: 1, customers: 0 } });
  });
});

describe("imcloud-mock --log json", () => {
  test("prints an object in each line, without secrets", async () => {
    const { nextLine } = start(["--log", "json"]);
    const { message } = JSON.parse(await nextLine()) as { message: string };
    const url = /http:\S+/.exec(message)?.[0];
    JSON.parse(await nextLine());
    JSON.parse(await nextLine());
    const headers = { authorization: "Bearer s3cret-token", "content-type": "application/json" };
    await fetch(`${url}/orders?staus=x`, { headers });
    const line = await nextLine();
    expect(JSON.parse(line)).toMatchObject({
      ...{ method: "GET", path: "/orders", query: { staus: "x" }, status: 401, operation: "orders_list" },
      problems: [expect.stringContaining("staus"), expect.any(String)],
    });
    expect(line).not.toContain("s3cret");
  });
});

/** Errors of options that appear only when the mock starts. */
describe("imcloud-mock's errors", () => {
  test("name the flag, the variable, or the file and the member by which an option was set", async () => {
    const config = await write("both.json", { stateless: true, tlsCert: "none.pem" });
    const failures = await Promise.all([
      failureOf(["--config", config, "--data", "x.db", "--tls-key", "x.pem"]),
      failureOf([], { env: { IMCLOUD_MOCK_TIME: "2020-01-01T00:00:00Z" } }),
      failureOf(["--host", "nowhere.invalid"], {}, 1),
    ]);
    expect(failures).toEqual([
      `Choose stateless in ${config} or --data: what remembers nothing has nothing to keep in a file.\n`,
      expect.stringContaining("IMCLOUD_MOCK_TIME takes a date from 2026-10-05T12:00:00.000Z on"),
      "nowhere.invalid is not an address of this machine. Choose another with --host.\n",
    ]);
  });
});

describe("startMock({ fixtures })", () => {
  test("loads a file's data into every store, and again after a reset", async () => {
    const file = await write("own.json", { plans: [{ id: "1", name: "One" }] });
    const { mock, imcloud } = await sandbox({ fixtures: file });
    expect((await imcloud.plans.list()).data.map(({ id }) => id)).toEqual(["1"]);
    const other = clientOf({ ...mock, url: mock.url.replace("/marketplace", "/w/a/marketplace") });
    await mock.reset();
    expect((await imcloud.plans.list()).pagination.total).toBe(1);
    expect((await other.plans.list()).pagination.total).toBe(1);
  });

  test("names the place of each error", async () => {
    const file = await write("wrong.json", { customers: [{ id: "1", name: 5 }], prodcts: [] });
    await expect(startMock({ port: 0, fixtures: file })).rejects.toThrow(
      /there are no "prodcts".*customers\[0\]\.name must be string/,
    );
    for (const [fixtures, sentence] of [
      ["none.json", "none.json cannot be used for fixtures: there is no such file."],
      [await write("broken.json", '{"plans": ['), "broken.json cannot be used for fixtures: "],
      [await write("list.json", "[]"), "it does not hold an object"],
      [await write("broken.mjs", "export default {"), "broken.mjs cannot be used for fixtures: "],
    ] as const) {
      await expect(startMock({ port: 0, fixtures })).rejects.toThrow(sentence);
    }
  });

  test("refuses a data file with other fixtures", async () => {
    const data = join(folder, "own.db");
    const first = await startMock({ port: 0, data, fixtures: { plans: [{ id: "1" }] } });
    await first.close();
    await expect(startMock({ port: 0, data, fixtures: { plans: [{ id: "2" }] } })).rejects.toThrow("of other fixtures");
    const again = await startMock({ port: 0, data, fixtures: { plans: [{ id: "1" }] } });
    await again.close();
  });
});

describe("startMock({ replay })", () => {
  test("has the data of recorded responses", async () => {
    const { mock, imcloud } = await sandbox();
    const har = join(folder, "recorded.har");
    const proxy = await startProxy({ target: mock.url, port: 0, har });
    const recorded = clientOf({ ...mock, url: proxy.url }, { fetch: (request) => fetch(request) });
    const placed = await recorded.orders.create(sale(3));
    const customers = await recorded.customers.list();
    const subscription = await recorded.subscriptions.get("700401");
    const orders = await recorded.orders.list({ limit: 2 });
    await recorded.reports.list();
    await proxy.close();

    const { imcloud: replayed } = await sandbox({ replay: har });
    expect((await replayed.customers.list()).data).toEqual(customers.data);
    expect((await replayed.orders.list()).data.map(({ id }) => id)).toEqual(orders.data.map(({ id }) => id));
    expect(await replayed.orders.get(placed.id)).toMatchObject({ id: placed.id, products: placed.products });
    const { products, customerId } = await replayed.subscriptions.get("700401");
    expect({ products, customerId }).toEqual({
      products: subscription.products,
      customerId: subscription.customerId,
    });
    const named = (await replayed.products.list({ limit: 50 })).data.map(({ id }) => id);
    expect(named).toContain(subscription.products?.[0]?.id);
    expect((await imcloud.customers.list()).data).toEqual(customers.data);
  });

  test("skips what a browser leaves out, and has what an order shows of what it refers to", async () => {
    const { imcloud } = await sandbox();
    const entry = (path: string, content?: object, status = 200) => ({
      request: { method: "GET", url: `https://api.example/marketplace/eu${path}` },
      response: { status, ...(content && { content }) },
    });
    const order = await imcloud.orders.get("900301");
    const customer = await imcloud.customers.get("1002102");
    const entries = [
      entry("/orders/900302"),
      entry("/orders/900302", { size: 0, mimeType: "x-unknown" }, 0),
      entry("/orders/900302", { size: 900, text: null }),
      entry("/orders/900301", { size: 1, compression: 900, text: JSON.stringify(order) }),
      entry("/customers/1002102", { text: btoa(JSON.stringify(customer)), encoding: "BASE64" }),
    ];
    const { imcloud: replayed } = await sandbox({ replay: { log: { entries } } as never });
    expect((await replayed.orders.list()).data.map(({ id }) => id)).toEqual(["900301"]);
    expect((await replayed.customers.get("1002102")).name).toBe(customer.name);
    expect(await replayed.subscriptions.get("700401")).toMatchObject({
      ...{ customerId: "1002101", planId: 200110, status: "active" },
      products: [{ id: "500201", quantity: 25 }],
    });
  });

  test.each<[har: unknown, sentence: string]>([
    [{}, "replay is not an HTTP Archive: it has no log.entries."],
    [{ log: { entries: [{}] } }, "log.entries[0] has no request with a method and a url, or no response."],
  ])("refuses %j with a clear message", async (har, sentence) => {
    const replay = await write(`${Math.random()}.har`, har);
    await expect(startMock({ port: 0, replay })).rejects.toThrow(sentence);
  });

  test("names the call with an invalid response", async () => {
    const content = { text: '{"data": [{"id": "7", "name": 7}], "pagination": {}}' };
    const request = { method: "GET", url: "https://api.example/marketplace/eu/plans?limit=1" };
    const replay = { log: { entries: [{ request, response: { status: 200, content } }] } };
    await expect(startMock({ port: 0, replay })).rejects.toThrow(
      'replay cannot be used: plans "7" of log.entries[0].name must be string',
    );
  });
});

describe("startMock({ tls })", () => {
  test("serves API and files by HTTPS, with a certificate that it shows", async () => {
    const mock = await startMock({ port: 0, tls: true });
    closing.push(() => mock.close());
    for (const url of [new URL("/__mock/state", mock.url), new URL(mock.url.replace("127.0.0.1", "localhost"))]) {
      const request = getByTls(url, { ca: String(mock.certificate) });
      const [response] = await once(request, "response");
      expect([response.statusCode, await json(response)]).toEqual([200, expect.any(Object)]);
    }
    const shown = getByTls(new URL("/__mock/certificate", mock.url), { rejectUnauthorized: false });
    const [response] = await once(shown, "response");
    expect(await text(response)).toBe(mock.certificate);
    expect(mock.filesUrl).toMatch(/^https:/);
  });

  test("takes a certificate of the user's own, and refuses a wrong one with a clear message", async () => {
    const own = await startMock({ port: 0, tls: true });
    await own.close();
    const cert = await write("cert.pem", String(own.certificate));
    const key = await write("key.pem", "no key");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const pem = { format: "pem", type: "pkcs8" } as const;
    const foreign = await write("foreign.pem", String(privateKey.export(pem)));
    const secret = { cipher: "aes-256-cbc", passphrase: "secret" };
    const locked = await write("locked.pem", String(privateKey.export({ ...pem, ...secret })));
    for (const [options, sentence] of [
      [{ tlsCert: cert }, "Give tlsCert and tlsKey together"],
      [{ tlsCert: cert, tlsKey: "none.pem" }, "none.pem cannot be used for tlsKey: there is no such file."],
      [{ tlsCert: cert, tlsKey: key }, `${key} cannot be used for tlsKey: it holds no private key in PEM.`],
      [
        { tlsCert: key, tlsKey: key },
        `${key} cannot be used for tlsCert: it does not begin with a certificate in PEM.`,
      ],
      [{ tlsCert: cert, tlsKey: locked }, `${locked} cannot be used for tlsKey: it is encrypted;`],
      [
        { tlsCert: cert, tlsKey: foreign },
        `${foreign} cannot be used for tlsKey: it is the key of another certificate.`,
      ],
    ] as const) {
      await expect(startMock({ port: 0, ...options })).rejects.toThrow(sentence);
    }
  });
});

describe("startMock({ requireKey })", () => {
  test("refuses calls without the subscription key, as a gateway does", async () => {
    const { mock, imcloud } = await sandbox({ requireKey: true });
    expect((await imcloud.plans.list()).pagination.total).toBeGreaterThan(0);
    const { subscriptionKey: _, ...withoutKey } = mock.connection;
    const other = createClient({ ...withoutKey, retry: false });
    await expect(other.plans.list()).rejects.toThrow("the subscription key is missing");
  });
});

describe("startMock({ corsCredentials })", () => {
  test("allows credentialed requests from other origins", async () => {
    const { mock } = await sandbox({ corsCredentials: true });
    const { origin } = new URL(mock.url);
    for (const [method, url] of [
      ["OPTIONS", `${mock.url}/plans`],
      ["GET", `${mock.url}/plans`],
      ["GET", `${origin}/w/no%20name/marketplace/plans`],
      ["GET", `${mock.filesUrl}/reports/none.csv`],
    ] as const) {
      const { headers } = await fetch(url, { method, headers: { origin: "https://app.example" } });
      expect([
        headers.get("access-control-allow-origin"),
        headers.get("access-control-allow-credentials"),
        headers.get("vary"),
      ]).toEqual(["https://app.example", "true", "Origin"]);
    }
    const { headers } = await fetch(`${mock.url}/plans`);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });
});

describe("startMock", () => {
  test.each<[options: object, sentence: string]>([
    [{ fixtures: {}, size: "small" }, "Give fixtures or size"],
    [{ fixtures: {}, replay: { log: { entries: [] } } }, "Give fixtures or replay"],
    [{ fixtures: {}, stateless: true }, "Choose stateless or fixtures"],
    [{ fixtures: "" }, "fixtures takes an object of fixtures, or the name of a file of them"],
    [{ fixtures: [] }, "fixtures takes an object of fixtures"],
    [{ publicUrl: "http://mock.lan:4010/api" }, "publicUrl takes an http or https URL without a path"],
    [{ publicUrl: "mock.lan" }, "publicUrl takes an http or https URL"],
    [{ log: "JSON" }, 'log takes one of lines, json; got "JSON".'],
    [{ host: "nowhere.invalid" }, "nowhere.invalid is not an address of this machine. Choose another with host."],
  ])("refuses %j with a clear message", async (options, sentence) => {
    await expect(startMock({ port: 0, ...options } as MockOptions)).rejects.toThrow(sentence);
  });

  test.each([
    ["0.0.0.0", /^http:\/\/127\.0\.0\.1:\d+\//],
    ["::", /^http:\/\/\[::1\]:\d+\//],
    ["[::1]", /^http:\/\/\[::1\]:\d+\//],
    ["localhost", /^http:\/\/localhost:\d+\//],
  ])("has a URL that responds on %s", async (host, address) => {
    const { mock } = await sandbox({ host });
    expect(mock.url).toMatch(address);
    expect((await fetch(mock.url)).status).toBe(200);
  });
});
