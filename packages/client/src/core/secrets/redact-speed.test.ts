import { describe, expect, test } from "vitest";
import { apiOf, failureOf } from "../../testing.ts";
import { DetailsError } from "../errors/errors.ts";
import { createRedactor } from "./redact-by-name.ts";

const SIZE = 128 * 1024;
const filled = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);

/** Texts that make searches start over and over again. */
const hostile: [string, string][] = [
  ["one unbroken word", filled("a")],
  ["a word of names of secrets", filled("token")],
  ["a word with dashes", filled("a-")],
  ["a word with dots", filled("a.")],
  ["beginnings of web tokens", filled("eyJ-")],
  ["beginnings of web tokens with dots", filled("eyJa.")],
  ["beginnings of web tokens in one part", `${filled("-eyJ")}.a.b`],
  ["beginnings of addresses", filled("http://")],
  ["schemes without an end", filled("a+")],
  ["a long word before an address", `${filled("a")}_://h?q`],
  ["open brackets", filled('"token":[')],
  ["brackets and backslashes", `"token":[${filled("\\")}`],
  ["names of secrets as values", filled('"name":"token",')],
  ["addresses without a query", filled("http://a/ ")],
  ["names without values", filled("password: ")],
  ["names and spaces", filled(`token${" ".repeat(50)}`)],
  ["a name and nothing but spaces", `token${filled(" ")}`],
  ["bearer without an end", filled("bearer ")],
  ["bearer and spaces", filled(`bearer${" ".repeat(50)}`)],
  ["an open quote", `password: "${filled("a")}`],
  ["open quotes", filled('token:"')],
  ["backslashes", filled("\\")],
  ["escaped quotes", filled('\\"password\\":\\"')],
  ["no entity", filled("no entity ")],
  ["entity not", filled("entity not ")],
];

/** Milliseconds of CPU time so far: what else a machine does is not in it. */
const cpuTime = (): number => process.cpuUsage().user / 1000;

const timeOf = (work: () => void): number => {
  const start = cpuTime();
  work();
  return cpuTime() - start;
};

describe("createRedactor", () => {
  test.each(hostile)("takes linear time for 128 kB of %s", (_what, text) => {
    const redactor = createRedactor(["demo-password"]);
    redactor.text(text.slice(0, 1_000));
    // Quadratic time was seconds. A machine under load is allowed a lot.
    expect(timeOf(() => redactor.text(text))).toBeLessThan(500);
  });
});

describe("ApiError", () => {
  test.each(hostile)("is made of 128 kB of %s in linear time, with a debug log", async (_what, text) => {
    const quiet = () => {};
    const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const respond = () => new Response(JSON.stringify({ message: text }), { status: 400 });
    const { imcloud } = apiOf(respond, { logger, logLevel: "debug" });
    const start = cpuTime();
    const error = (await failureOf(imcloud.customers.get("1"))) as Error;
    expect(cpuTime() - start).toBeLessThan(1_000);
    expect(error.message.length).toBeLessThan(1_100);
  });
});

test("DetailsError names the first twenty ids and the count", () => {
  const failures = Array.from({ length: 100_000 }, (_, n) => ({ id: `id-${n}`, error: new Error("no") }));
  const { message } = new DetailsError(failures);
  expect(message).toBe(
    `100000 could not be read: ${failures
      .slice(0, 20)
      .map(({ id }) => id)
      .join(", ")} and 99980 more.`,
  );
  expect(new DetailsError(failures.slice(0, 2)).message).toBe("2 could not be read: id-0, id-1.");
});
