import { describe, expect, test } from "vitest";
import { parseMockArguments, parseProxyArguments } from "./arguments.ts";

describe("parseMockArguments", () => {
  test.each<[words: string[], sentence: string]>([
    [["--port", "many"], '--port takes a whole number from 0 to 65535; got "many".'],
    [["--port", "-1"], '--port takes a whole number from 0 to 65535; got "-1".'],
    [["--port=-1"], '--port takes a whole number from 0 to 65535; got "-1".'],
    [["--files-port", "70000"], "--files-port takes a whole number from 0 to 65535"],
    [["--prot", "1"], "Unknown option '--prot'"],
    [["4010"], "Unexpected argument '4010'"],
    [["--size", "huge"], '--size takes one of small, medium, large; got "huge".'],
    [["--size", "Large"], '--size takes one of small, medium, large; got "Large".'],
    [["--size"], "'--size <value>' argument missing"],
    [["--tls=yes"], "'--tls' does not take an argument"],
    [["--seed", "x"], '--seed takes a whole number from 0 to 2147483647; got "x".'],
    [["--host", ""], '--host takes the name or address to listen on; got "".'],
    [["--data", ""], '--data takes the name of a file; got "".'],
    [["--port", "0", "--port", "0"], "--port is given twice; give it once."],
    [["--config", "a.json", "--size=small", "--config=b.json"], "--config is given twice; give it once."],
    [["--config", ""], '--config takes the name of a file; got "".'],
    [["--time", "soon"], "--time takes a date, on the command line now or one like 2026-10-05T12:00:00Z"],
    [["--time", "2026-10-05T12:00:00"], "--time takes a date"],
    [["--time", "2027-02-30T00:00:00Z"], "--time takes a date"],
    [["--time", "2027-02-03T25:00:00Z"], "--time takes a date"],
    [["--time", "2027-02-03T10:00:00 UTC"], "--time takes a date"],
    [["--time", "+012027-02-03T10:00:00Z"], "--time takes a date"],
    [["--time", "1800000000000"], "--time takes a date"],
    [["--speed=-2"], '--speed takes a number from 0 to 1000000000; got "-2".'],
    [["--latency", "80-20"], "or two of them with the lower one first"],
    [["--latency", "1e3"], "--latency takes a whole number of milliseconds"],
    [["--latency", "20-0x50"], "--latency takes a whole number of milliseconds"],
    [["--latency", "20- 80"], "--latency takes a whole number of milliseconds"],
    [["--latency", "-5"], "--latency takes a whole number of milliseconds"],
    [["--rate-limit", "0"], "--rate-limit takes a whole number from 1"],
    [["--daily-quota", ""], "--daily-quota takes a whole number from 1"],
  ])("refuses %j with a clear message", (words, sentence) => {
    expect(() => parseMockArguments(words)).toThrow(sentence);
  });

  const numbers = ["--port", "--files-port", "--seed", "--speed", "--latency", "--rate-limit", "--daily-quota"];
  const noNumbers = [
    "1e3",
    "0x10",
    "0b1",
    "0o7",
    "+1",
    " 1",
    "1 ",
    "1_000",
    "1,5",
    ".5",
    "5.",
    "Infinity",
    "NaN",
    "١",
    "1\n",
  ];
  test.each(numbers)("takes decimal digits alone for %s", (flag) => {
    for (const word of noNumbers) expect(() => parseMockArguments([`${flag}=${word}`]), word).toThrow(`${flag} takes`);
    expect(() => parseMockArguments([flag, "99999999999999999999"])).toThrow(`${flag} takes`);
  });

  test("takes a fraction where a number need not be whole", () => {
    expect(parseMockArguments(["--speed", "0.5"]).options).toEqual({ speed: 0.5 });
    expect(() => parseMockArguments(["--port", "4010.5"])).toThrow("--port takes a whole number");
  });
});

describe("parseProxyArguments", () => {
  test.each<[words: string[], sentence: string]>([
    [[], "imcloud-mock proxy takes one URL, that of the API."],
    [["http://a.example", "http://b.example"], "imcloud-mock proxy takes one URL, that of the API."],
    [["http://api.example", "--size", "small"], "Unknown option '--size'"],
    [["http://api.example", "--port", "0x10"], "--port takes a whole number"],
    [["http://api.example", "--log", "JSON"], '--log takes one of lines, json; got "JSON".'],
    [["http://api.example", "--port=1", "--port=2"], "--port is given twice; give it once."],
    [["http://api.example", "--har", ""], "--har takes the name of a file that is not there yet"],
  ])("refuses %j with a clear message", (words, sentence) => {
    expect(() => parseProxyArguments(words)).toThrow(sentence);
  });
});
