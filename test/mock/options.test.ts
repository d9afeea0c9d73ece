import { type Fault, type MockOptions, type ProxyOptions, startMock, startProxy } from "@imcloud/mock";
import { handlers } from "@imcloud/mock/msw";
import { createSandbox } from "@imcloud/mock/sandbox";
import { describe, expect, test } from "vitest";

describe("startMock", () => {
  test.each<[options: object, sentence: string]>([
    [{ prot: 4010 }, 'There is no option "prot"; there are port, filesPort, host'],
    [{ port: "4010" }, 'port takes a whole number from 0 to 65535; got "4010".'],
    [{ port: -1 }, "port takes a whole number from 0 to 65535; got -1."],
    [{ host: "" }, 'host takes the name or address to listen on; got "".'],
    [{ data: "" }, 'data takes the name of a file; got "".'],
    [{ size: "Large" }, 'size takes one of small, medium, large; got "Large".'],
    [{ size: "toString" }, "size takes one of small, medium, large"],
    [{ seed: 1.5 }, "seed takes a whole number from 0 to 2147483647; got 1.5."],
    [{ speed: Number.NaN }, "speed takes a number from 0 to 1000000000; got NaN."],
    [
      { latency: "50" },
      'latency takes a whole number of milliseconds up to 2147483647, or two of them with the lower one first; got "50".',
    ],
    [{ latency: { from: 80, to: 20 } }, "latency takes a whole number of milliseconds"],
    [{ time: "2026-10-05T12:00:00Z" }, 'got "2026-10-05T12:00:00Z".'],
    [{ latency: 2_147_483_648 }, "latency takes a whole number of milliseconds up to 2147483647"],
    [{ time: new Date("2026-10-05T11:59:59Z") }, "time takes a date from 2026-10-05T12:00:00.000Z on"],
    [{ time: new Date("9999-12-31T23:59:59Z") }, "time takes a date up to 2126-"],
    [{ time: new Date(8.64e15) }, "time takes a date up to 2126-"],
    [{ stateless: true, data: "x.db" }, "Choose stateless or data"],
    [{ time: new Date("soon") }, "time takes a date"],
    [{ rateLimit: 0 }, "rateLimit takes a whole number from 1; got 0."],
    [{ stateless: "no" }, 'stateless takes true or false; got "no".'],
    [{ print: true }, "print takes a function; got true."],
    [{ fixtures: new Map() as never }, "fixtures takes an object of fixtures, or the name of a file of them; got Map."],
    [{ speed: null }, "speed takes a number from 0 to 1000000000; got null."],
  ])("rejects %j with a clear message", async (options, sentence) => {
    const error = await startMock({ port: 0, ...options } as MockOptions).catch((caught) => caught);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(sentence);
  });

  test("treats an undefined option as left out", async () => {
    const mock = await startMock({ port: 0, ...({ size: undefined } as object) });
    await mock.close();
  });
});

/** Values of every kind, of which most are wrong everywhere. */
const VALUES: [kind: string, value: unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["a number", -1.5],
  ["NaN", Number.NaN],
  ["a comma", ","],
  ["an empty text", ""],
  ["a list", [null]],
  ["an object", { x: 1 }],
  ["an object without a prototype", Object.create(null)],
  ["a symbol", Symbol("s")],
  ["a function", () => 1],
  ["a BigInt", 5n],
  ["a map", new Map()],
];

/** Error messages of engines and libraries for an unchecked value. */
const UNCHECKED =
  /Cannot |is not a function|is not iterable|reading '|Invalid URL|Invalid time|must be of type|circular/;

/** The error's message; `undefined` where the value is accepted. */
const refusalOf = (run: () => unknown): Promise<string | undefined> =>
  Promise.resolve()
    .then(run)
    .then(
      () => undefined,
      (error) => String(error.message),
    );

describe("createSandbox, its controls, handlers and startProxy", () => {
  const sandboxOptions = ["size", "fixtures", "replay", "seed", "time", "speed", "latency", "rateLimit", "requireKey"];
  const faultMembers = ["kind", "operation", "count", "probability", "milliseconds", "retryAfter", "statusCode"];
  const kinds = ["resellers", "customers", "plans", "products", "subscriptions", "orders", "reports"];

  test.each(VALUES)("take %s, or refuse it with a message of their own", async (_kind, value) => {
    const sandbox = createSandbox();
    const { fetch, url, filesUrl, faults } = sandbox;
    // biome-ignore lint/suspicious/noExplicitAny: as callers without types do.
    const untyped = value as any;
    const tries: [what: string, run: () => unknown][] = [
      ["createSandbox", () => createSandbox(untyped)],
      ...[...sandboxOptions, "baseUrl", "filesUrl", "log", "print"].map((name): [string, () => unknown] => [
        `createSandbox.${name}`,
        () => createSandbox({ [name]: value } as object),
      ]),
      ...kinds.flatMap((kind): [string, () => unknown][] => [
        [`fixtures.${kind}`, () => createSandbox({ fixtures: { [kind]: value } } as object)],
        [`fixtures.${kind}[0]`, () => createSandbox({ fixtures: { [kind]: [value] } } as object)],
        [`fixtures.${kind}[0].id`, () => createSandbox({ fixtures: { [kind]: [{ id: value }] } } as object)],
      ]),
      ...faultMembers.map((name): [string, () => unknown] => [
        `faults.add.${name}`,
        () => faults.add({ kind: "latency", [name]: value } as Fault),
      ]),
      ["faults.add", () => faults.add(untyped)],
      ["advance", () => sandbox.advance(untyped)],
      ["save", () => sandbox.save(untyped)],
      ["restore", () => sandbox.restore(untyped)],
      ["deleteSnapshot", () => sandbox.deleteSnapshot(untyped)],
      ["resumeOrder", () => sandbox.resumeOrder(untyped)],
      ["requests", () => sandbox.requests(untyped)],
      ["requests.operation", () => sandbox.requests({ operation: untyped })],
      ["override", () => sandbox.override(untyped, () => ({}) as never)],
      ["override's function", () => sandbox.override("orders_list", untyped)],
      ["seed", () => sandbox.seed(untyped)],
      ["handlers", () => handlers(untyped)],
      ["handlers.fetch", () => handlers({ fetch: untyped, url, filesUrl })],
      ["handlers.url", () => handlers({ fetch, url: untyped, filesUrl })],
      ["startProxy", () => startProxy(untyped)],
      ["startProxy.target", () => startProxy({ target: untyped, port: 0 })],
    ];
    const messages = await Promise.all(tries.map(async ([what, run]) => [what, await refusalOf(run)] as const));
    expect(messages.filter(([, message]) => message !== undefined && UNCHECKED.test(message))).toEqual([]);
    // Each value is refused by at least one option.
    expect(messages.some(([, message]) => message !== undefined)).toBe(true);
  });

  test.each<[run: () => unknown, sentence: string]>([
    [() => handlers(undefined as never), "handlers takes a sandbox of createSandbox(); got undefined."],
    [() => createSandbox().requests(null as never), "Requests are listed by an object such as"],
    [() => createSandbox().restore(Symbol("s") as never), "There is no snapshot symbol."],
    [() => startProxy(null as never), "The options of the proxy are an object with its target; got null."],
    [() => startProxy({ target: 5 as never }), "The proxy needs the http or https URL of an API as its target; got 5."],
    [() => startMock({ port: 0, allowHost: "," }), 'allowHost takes names of hosts with commas between them; got ",".'],
    [() => startMock({ port: 0, allowHost: "http://a.example" }), "allowHost takes names of hosts"],
  ])("say what they need: %s", async (run, sentence) => {
    expect(await refusalOf(run)).toContain(sentence);
  });
});

describe("startProxy", () => {
  test.each<[options: object, sentence: string]>([
    [{ target: "ftp://api.example" }, "The proxy needs the http or https URL of an API"],
    [{ target: "http://me:secret@api.example" }, "The proxy needs the URL of an API without a user"],
    [{ har: "" }, "har takes the name of a file that is not there yet"],
    [{ size: "small" }, 'There is no option "size"; there are port, host, har, log, print.'],
  ])("rejects %j with a clear message", async (options, sentence) => {
    const all = { target: "http://api.example", port: 0, ...options } as ProxyOptions;
    await expect(startProxy(all)).rejects.toThrow(sentence);
  });
});
