import { readFileSync } from "node:fs";
import { createClient } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { describe, expect, test } from "vitest";
import { commands } from "./generated/commands.ts";
import { createProgram } from "./program.ts";
import { exampleLine, examples, referencePages, runExample, runInProcess, sharedMarkdown } from "./reference.ts";

describe("imcloud", () => {
  test.each(examples.operations.map((example) => [example.words.join(" "), example] as const))(
    "%s prints what the API gives",
    async (_line, example) => {
      const { words, input } = example;
      const { code, stdout } = await runExample(example);
      expect(code).toBe(0);
      // What a call of the client gives, in a sandbox of its own.
      const sandbox = createSandbox({ speed: 0 });
      const imcloud = createClient({ ...sandbox.connection, rateLimit: false });
      const spec = commands.find(({ resource, name }) => resource === words[0] && name === words[1]);
      if (!spec) throw new Error("The example is of no command.");
      const call = (imcloud as never as Record<string, Record<string, (...values: unknown[]) => Promise<object>>>)[
        spec.resource
      ]?.[spec.method];
      const given = await call?.(...words.slice(2, 2 + spec.path.length), ...(input ? [input] : []));
      sandbox.close();
      const { data } = given as { data?: Record<string, unknown>[] };
      const [, asked] = /--columns (\S+)/.exec(words.join(" ")) ?? [];
      // A list shows at least what names its rows; one thing shows all of it.
      const columns = asked?.split(",") ?? spec.columns.slice(0, 1);
      for (const thing of data ?? [given as Record<string, unknown>]) {
        for (const column of columns) expect(stdout).toContain(String(thing[column] ?? ""));
      }
      expect(stdout).not.toMatch(/undefined|\[object/);
    },
  );

  test("prints for each job, and in each form, what it printed before", async () => {
    const parts: string[] = [];
    for (const example of [...examples.jobs, ...examples.forms]) {
      const { code, stdout, stderr } = await runExample(example);
      expect({ line: exampleLine(example), code, stderr }).toMatchObject({ code: 0 });
      parts.push(`$ ${exampleLine(example)}\n${stdout}`);
    }
    await expect(parts.join("\n")).toMatchFileSnapshot("./commands.test.txt");
  });

  test("prints in a terminal what its README shows", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const [, shown] = /```text\n([\s\S]*?)```/.exec(readme) ?? [];
    const { stdout } = await runInProcess(["--mock", "orders", "list"], { columns: 90, env: { NO_COLOR: "1" } });
    expect(stdout).toBe(shown);
  });

  test("has a command for each operation, and an example for each command", () => {
    const named = (words: readonly string[]) => `${words[0]} ${words[1]}`;
    const shown = new Set([...examples.operations, ...examples.jobs].map(({ words }) => named(words)));
    for (const { resource, name } of commands) expect(shown).toContain(`${resource} ${name}`);
    const resources = createProgram({} as never).commands.filter((command) => command.commands.length > 0);
    const there = resources.flatMap((resource) =>
      resource.commands.map((command) => named([resource.name(), command.name()])),
    );
    // These need what another command has left, which a sandbox does not outlive.
    const others = ["outbox list", "outbox resume", "reports download"];
    expect(there.filter((command) => !shown.has(command)).sort()).toEqual(others);
  });

  test("has no option that takes a secret", () => {
    const options = (command: ReturnType<typeof createProgram>): string[] => [
      ...command.options.filter(({ required, optional }) => required || optional).map(({ long }) => String(long)),
      ...command.commands.flatMap(options),
    ];
    expect(options(createProgram({} as never)).filter((flag) => /password|secret|token|key/.test(flag))).toEqual([]);
  });

  test("is whole in the pages of the reference", async () => {
    const pages = await referencePages();
    const headings = (name: string) => pages.find((page) => page.name === name)?.markdown.match(/^## .*$/gm);
    for (const { resource, name } of commands) expect(headings(resource)).toContain(`## ${resource} ${name}`);
    expect(headings("orders")).toContain("## orders place");
    expect(headings("subscriptions")).toContain("## subscriptions due");
    for (const name of ["login", "doctor", "mock", "completion", "outbox list"]) {
      expect(headings("tools")).toContain(`## ${name}`);
    }
    for (const page of pages) {
      expect(headings(page.name)).toEqual(page.commands.map(({ name }) => `## ${name}`));
      expect(page.commands.filter(({ summary }) => !/^[A-Z].*[^.]\.$/s.test(summary))).toEqual([]);
      expect(page.markdown).not.toMatch(/undefined|\[object/);
    }
    expect(await sharedMarkdown()).toContain("## Forms of output");
  });
});
