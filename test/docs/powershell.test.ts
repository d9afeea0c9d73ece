import { readFile } from "node:fs/promises";
import { join } from "node:path";
import credentials from "@imcloud/mock/credentials.json" with { type: "json" };
import { samplesOf, settings } from "@imcloud/openapi-tools/samples";
import { setupOf } from "@imcloud/openapi-tools/samples/setup";
import { beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { pages } from "../browser/site.ts";
import { document } from "../support/document.ts";
import { createPowerShellParser, type PowerShellParser } from "./powershell.ts";

const samples = [...samplesOf(document)].flatMap(([id, examples]) =>
  examples.flatMap(({ example, samples }) =>
    samples
      .filter(({ lang }) => lang === "PowerShell")
      .map(({ source }): [name: string, source: string] => [`${id} ${example}`.trim(), source]),
  ),
);

/** Settings that contain PowerShell's special characters. */
const hostile = Object.fromEntries(
  Object.keys(settings).map((name) => [name, `a'b" $(Get-Date) \`n ${"$"}{x} ’`]),
) as Record<keyof typeof settings, string>;

let parse: PowerShellParser;
beforeAll(async () => {
  parse = await createPowerShellParser();
});

describe("setupOf", () => {
  test("sets exactly the variables that the samples read, in either shell, with all of the mock's credentials", () => {
    for (const shell of ["sh", "powershell"] as const) {
      const setup = setupOf(shell, { baseUrl: "http://127.0.0.1:4010/marketplace", ...credentials, token: "" });
      expect(setup).not.toMatch(/undefined|demo-client/);
      for (const variable of Object.values(settings)) expect(setup).toContain(variable);
    }
  });
});

describe("samples in PowerShell", () => {
  test("parse, run known commands, and read known settings", () => {
    expect(samples.length).toBeGreaterThan(30);
    for (const [name, source] of samples) {
      const { errors, commands, environment } = parse(source);
      expect([name, errors]).toEqual([name, []]);
      expect([name, commands]).toEqual([name, ["ConvertTo-Json", "Invoke-RestMethod"]]);
      expect(Object.values(settings), name).toEqual(expect.arrayContaining(environment));
    }
  });

  test.each([
    ["with a token", hostile],
    ["without one", { ...hostile, token: "" }],
  ])("parse after any settings, %s, and set each", (_what, values) => {
    const { errors, commands, environment } = parse(setupOf("powershell", values));
    expect(errors).toEqual([]);
    expect(commands).not.toContain("Get-Date");
    expect(environment).toEqual(Object.values(settings).sort());
  });

  test("double each quote that would end a string, typographic ones too", () => {
    const password = "a'b‘c’d‚e‛f";
    expect(setupOf("powershell", { ...hostile, password })).toContain("= 'a''b‘‘c’’d‚‚e‛‛f'");
  });

  test("parse in Markdown too", async () => {
    const texts = await Promise.all(
      pages.map((page) => readFile(join(paths.docs, page.replace(/\.html$/, ".md")), "utf8").catch(() => "")),
    );
    const blocks = texts.flatMap((text) =>
      [...text.matchAll(/^```powershell.*\n([\s\S]*?)^```$/gm)].map(([, code]) => code),
    );
    expect(blocks.length).toBeGreaterThan(30);
    for (const block of blocks) expect(parse(String(block)).errors).toEqual([]);
  });

  test.each(["$body = @{ a = ", "try { } catch", "Invoke-RestMethod -Uri 'it's'", '$a = "${env:X', "if ($a { }"])(
    "give a syntax error where they are wrong: %s",
    (source) => {
      expect(parse(source).errors).not.toEqual([]);
    },
  );
});
