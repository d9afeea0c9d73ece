import { type MockOptions, type ProxyOptions, startMock, startProxy } from "@imcloud/mock";
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
