import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Mock, startMock } from "@imcloud/mock";
import { type Sample, samplesOf } from "@imcloud/openapi-tools/samples";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { document, operations } from "../support/document.ts";
import { run, runTypeScript, settingsOf } from "./run.ts";

const samples = samplesOf(document);

/** The operations with their sample in a language. */
const inLanguage = (language: string) =>
  operations.map(({ id }): [id: string, sample: Sample] => {
    const sample = samples.get(id)?.find(({ lang }) => lang === language);
    if (!sample) throw new Error(`${id} has no sample in ${language}.`);
    return [id, sample];
  });

const isPresent = (command: string) =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));

type Settings = Record<string, string>;

const languages: Record<
  string,
  { isHere: boolean; run: (source: string, settings: Settings) => Promise<{ stdout: string }> }
> = {
  curl: { isHere: true, run: (source, settings) => run("bash", ["-c", source], settings) },
  TypeScript: { isHere: true, run: runTypeScript },
  Python: { isHere: isPresent("python3"), run: (source, settings) => run("python3", ["-c", source], settings) },
  PowerShell: {
    isHere: isPresent("pwsh"),
    run: (source, settings) => run("pwsh", ["-NoProfile", "-NonInteractive", "-Command", source], settings),
  },
};

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ port: 0 });
});
afterAll(() => mock.close());

describe.each(Object.entries(languages))("samples in %s", (language, { isHere, run: runSample }) => {
  const ran: string[] = [];
  afterAll(() => {
    const why = isHere ? "" : ", as it is not installed here";
    console.log(`Samples in ${language}: ${ran.length} of ${operations.length} ran${why}.`);
  });

  test.runIf(isHere).each(inLanguage(language))("%s gets a response from the mock", async (id, { source }) => {
    const settings = await settingsOf(mock);
    mock.reset();
    const { stdout } = await runSample(source, settings);
    const calls = mock.requests().filter(({ operation }) => operation === id);
    expect(calls).toMatchObject([{ status: 200 }]);
    // An example of an update shows what the example of its thing has already.
    const problems = calls.flatMap((call) => call.problems);
    expect(problems.filter((problem) => problem !== "the update changed nothing")).toEqual([]);
    expect(stdout.length).toBeGreaterThan(2);
    ran.push(id);
  });

  test("have a call for every operation", () => {
    for (const [, { source, label }] of inLanguage(language)) {
      expect(label).toBe(language);
      expect(source).not.toMatch(/undefined|\[object|demo-/);
    }
  });
});
