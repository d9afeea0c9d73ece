import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Mock, startMock } from "@imcloud/mock";
import { samplesOf } from "@imcloud/openapi-tools/samples";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { document, operations } from "../support/document.ts";
import { skipEach } from "../support/skip.ts";
import { type CodeRunner, run, runShell, settingsOf, startModuleRunner, startPythonRunner } from "./run.ts";

const samples = samplesOf(document);

/** The sample of every example of every operation, in a language. */
const inLanguage = (language: string) =>
  operations.flatMap(({ id }) =>
    (samples.get(id) ?? []).map(({ example, samples }): [id: string, example: string, source: string] => {
      const sample = samples.find(({ lang }) => lang === language);
      if (!sample) throw new Error(`${id} has no sample of ${example} in ${language}.`);
      return [id, example, sample.source];
    }),
  );

const isPresent = (command: string) =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));

/** Examples that the mock refuses because of its data, with the message: all its orders are completed. */
const refusals: Record<string, string> = { OrderCancelUpdate: "is completed and can no longer be cancelled" };

type Settings = Record<string, string>;

const languages: Record<
  string,
  { command?: string; run: (source: string, settings: Settings) => Promise<{ stdout: string; stderr: string }> }
> = {
  curl: { command: "curl", run: runShell },
  TypeScript: { run: (source, settings) => typescript.run(source, settings) },
  Python: { command: "python3", run: (source, settings) => python.run(source, settings) },
  PowerShell: {
    command: "pwsh",
    run: (source, settings) => run("pwsh", ["-NoProfile", "-NonInteractive", "-Command", source], settings),
  },
};

let mock: Mock;
let typescript: CodeRunner;
let python: CodeRunner;
beforeAll(async () => {
  [mock, typescript] = await Promise.all([startMock({ port: 0 }), startModuleRunner()]);
  if (isPresent("python3")) python = startPythonRunner();
});
afterAll(() => Promise.all([mock.close(), typescript.close(), python?.close()]));

describe.each(Object.entries(languages))("samples in %s", (language, { command, run: runSample }) => {
  const missing = command === undefined || isPresent(command) ? undefined : `no ${command} on this machine`;
  skipEach(missing);
  const ran: string[] = [];
  afterAll(() => {
    const why = missing ? `, as there is ${missing}` : "";
    console.log(`Samples in ${language}: ${ran.length} of ${accepted.length} ran${why}.`);
  });

  const all = inLanguage(language);
  const accepted = all.filter(([, example]) => !Object.hasOwn(refusals, example));

  test.each(accepted)("%s %s gets a response from the mock", async (id, _example, source) => {
    const settings = await settingsOf(mock);
    await mock.reset();
    const { stdout } = await runSample(source, settings);
    const calls = mock.requests().filter(({ operation }) => operation === id);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.map(({ status }) => status)).toEqual(calls.map(() => 200));
    // Update examples set the values that the mock's data already has.
    const problems = calls.flatMap((call) => call.problems);
    expect(problems.filter((problem) => problem !== "the update changed nothing")).toEqual([]);
    expect(stdout.length).toBeGreaterThan(2);
    ran.push(id);
  });

  const refused = all.filter(([, example]) => Object.hasOwn(refusals, example));

  test.each(refused)("%s %s shows the API's error message", async (_id, example, source) => {
    const settings = await settingsOf(mock);
    await mock.reset();
    const failure = await runSample(source, settings).catch((error: { stdout: string; stderr: string }) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(`${failure.stdout}${failure.stderr}`).toContain(refusals[example]);
  });
});

test.each(Object.keys(languages))("samples in %s contain no `undefined` or `[object Object]`", (language) => {
  for (const [, , source] of inLanguage(language)) expect(source).not.toMatch(/undefined|\[object|demo-/);
});
