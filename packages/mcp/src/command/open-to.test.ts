import { expect, test } from "vitest";
import { readFlags } from "./flags.ts";
import { checkOpenTo, readToken } from "./open-to.ts";

test.each([
  [["--allow-writes"], "--allow-writes over --http needs IMCLOUD_MCP_TOKEN, as every user of this machine could place"],
  [["--include-personal-data"], "--include-personal-data over --http needs IMCLOUD_MCP_TOKEN, as every user of this"],
  [["--host", "0.0.0.0"], "--host 0.0.0.0 over --http needs IMCLOUD_MCP_TOKEN, as others than this machine could call"],
])("checkOpenTo refuses %j, which every user of the machine could call", (words, message) => {
  const flags = readFlags(["--mock", "--http", "--port", "0", ...words]);
  expect(() => checkOpenTo(flags)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  );
});

test("checkOpenTo lets reads be served to this machine", () => {
  expect(() => checkOpenTo(readFlags(["--mock", "--http", "--host", "localhost"]))).not.toThrow();
});

test.each([undefined, "", "\n"])("readToken reads no token of %j", (token) => {
  expect(readToken({ IMCLOUD_MCP_TOKEN: token })).toBeUndefined();
});

test("readToken reads a token without the line break of its file, and refuses what no caller could send", () => {
  expect(readToken({ IMCLOUD_MCP_TOKEN: "s3cret\r\n" })).toBe("s3cret");
  for (const token of [" ", "two words", "sécret", "a\nb"]) {
    expect(() => readToken({ IMCLOUD_MCP_TOKEN: token })).toThrow("IMCLOUD_MCP_TOKEN takes letters, digits and signs");
  }
});
