import { describe, expect, test } from "vitest";
import { helpText, readFlags } from "./flags.ts";

describe("readFlags", () => {
  test("reads nothing as a server that reads only, over standard input and output", () => {
    expect(readFlags([])).toMatchObject({
      allowWrites: false,
      includePersonalData: false,
      mock: false,
      http: undefined,
    });
  });

  test("reads where to serve over HTTP", () => {
    const words = [
      "--http",
      "--port",
      "0",
      "--host",
      "127.0.0.1",
      "--allowed-host",
      "a.example",
      "--allowed-host=b.example",
    ];
    expect(readFlags(words).http).toEqual({ port: 0, host: "127.0.0.1", allowedHosts: ["a.example", "b.example"] });
  });

  test.each([
    [["--allow-write"], /--allow-write/],
    [["--port"], /--port/],
    [["serve"], /serve/],
    [["--mock=yes"], /--mock/],
    [["--port", "80"], "--port is for --http."],
    [["--allowed-host", "a"], "--allowed-host is for --http."],
    [["--http", "--port", "70000"], /0 to 65535; got "70000"/],
    [["--http", "--port", "0x10"], /got "0x10"/],
    [["--mock", "--profile", "de"], /--mock needs no --profile/],
  ])("refuses %j in one line that says why", (words, reason) => {
    expect(() => readFlags(words)).toThrow(reason);
    try {
      readFlags(words);
    } catch (error) {
      expect((error as Error).message).not.toContain("\n");
    }
  });
});

describe("helpText", () => {
  test("names every flag, and no line is wider than a screen", () => {
    for (const flag of [
      "allow-writes",
      "include-personal-data",
      "mock",
      "profile",
      "http",
      "port",
      "host",
      "verbose",
    ]) {
      expect(helpText()).toContain(`--${flag}`);
    }
    expect(
      Math.max(
        ...helpText()
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
  });
});
