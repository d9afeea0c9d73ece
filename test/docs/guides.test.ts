import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@imcloud/client";
import { type Mock, startMock } from "@imcloud/mock";
import { exec, packageFile } from "@imcloud/openapi-tools/exec";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readGuides } from "../../packages/docs/generate/guides.ts";
import { paths } from "../../scripts/paths.ts";
import { document, operations } from "../support/document.ts";
import { type CodeBlock, codeBlocks } from "./code-blocks.ts";
import { effects, type Snapshot, snapshotOf } from "./effects.ts";
import { type CodeRunner, run, runShell, STRICT, settingsOf, startModuleRunner } from "./run.ts";

const guides = await readGuides(paths.guides);

const blocksIn = (language: string) =>
  guides.flatMap((guide) =>
    codeBlocks(guide.body)
      .filter((block) => block.language === language)
      .map((block, index): [name: string, block: CodeBlock] => [`${guide.page}, ${language} ${index + 1}`, block]),
  );

/** The code blocks in the client's files for coding agents. */
const forAgents = ["AGENTS", "skills/imcloud/SKILL"].flatMap((file) =>
  codeBlocks(readFileSync(join(paths.client, `${file}.md`), "utf8")).map(
    (block, index): [name: string, block: CodeBlock] => [`client/${file}, ${block.language} ${index + 1}`, block],
  ),
);
const typescript = [...blocksIn("ts"), ...forAgents];
/** React components, which do not run by themselves. The example app runs such components in a browser. */
const components = blocksIn("tsx");
const home = codeBlocks(await readFile(join(paths.docsPackage, "pages/index.mdx"), "utf8")).map(
  (block, index): [name: string, block: CodeBlock] => [`pages/index, ${block.language} ${index + 1}`, block],
);
const shell = [...blocksIn("sh"), ...home];

/** The client that the guides use, as `signing-in.md` makes it. */
const client = String(typescript.find(([name]) => name === "guides/signing-in, ts 1")?.[1].code).split(
  "\n\nconst {",
)[0];

/** Blocks of built Markdown, each with the language label before it. */
const codeBlocksWithLabels = (markdown: string) =>
  [...markdown.matchAll(/(?:^(\w+):\n\n)?^```\w+.*\n([\s\S]*?)^```$/gm)].map(([, label, code]) => ({
    label,
    code: String(code),
  }));

/** Makes a program of a block: puts the client before it, unless the block makes its own. */
const program = ({ code }: CodeBlock) =>
  /createClient[.(]/.test(code) || !code.includes("imcloud.") ? code : `${client}\n${code}`;

/** What each block changes in the store, checked by hand. A block that is not listed changes nothing. */
const intended: Record<string, string[]> = parse(
  await readFile(join(import.meta.dirname, "guide-effects.yaml"), "utf8"),
);

let mock: Mock;
let runner: CodeRunner;
let untouched: Snapshot;
/** The mock's contents once all orders and reports are complete. */
async function settledSnapshot(): Promise<Snapshot> {
  await mock.advance(600_000);
  return snapshotOf(createClient({ ...mock.connection, rateLimit: false }));
}
beforeAll(async () => {
  [mock, runner] = await Promise.all([startMock({ port: 0, speed: 0 }), startModuleRunner()]);
  untouched = await settledSnapshot();
});
beforeEach(async () => {
  await mock.reset();
  // Orders take 8 seconds of the mock's clock, which moves only with reads. So code that waits for an order ends soon, and code
  // that needs an open order finds it open, on a slow machine too.
  for (const operation of ["orders_get", "reports_get", "reports_list"] as const) {
    mock.override(operation, async (call, next) => {
      await mock.advance(10_000);
      return next(call);
    });
  }
});
afterAll(() => Promise.all([mock.close(), runner.close()]));

describe("ts blocks of guides", () => {
  test.each(typescript.filter(([, { isRun }]) => isRun))(
    "run against the mock, and change what they should: %s",
    async (name, block) => {
      const { stdout, stderr } = await runner.run(program(block), await settingsOf(mock));
      expect(stderr).not.toContain("Error");
      expect(stdout).not.toBe("");
      const isRead = mock.requests().every(({ method, operation }) => method === "GET" || operation === "token_create");
      expect(isRead ? [] : effects(untouched, await settledSnapshot())).toEqual(intended[name] ?? []);
    },
  );

  test.each(typescript)(
    "place no order that cannot be found again, and resend none on an error: %s",
    (name, { code }) => {
      // These blocks order in a mock of their own.
      if (/startMock|createSandbox/.test(code)) return;
      expect([name, code.match(/orders\.create\(/)]).toEqual([name, null]);
      for (const [, caught = ""] of code.matchAll(/catch \(error\) \{\n([\s\S]*?)^\}/gm))
        expect([name, caught.match(/\b(create|createOnce|update|changeSeats)\(/)]).toEqual([name, null]);
    },
  );

  test("exist for each entry of guide-effects.yaml", () => {
    const names = typescript.map(([name]) => name);
    expect(Object.keys(intended).filter((name) => !names.includes(name))).toEqual([]);
  });

  test("type-check", async () => {
    const folder = await mkdtemp(join(paths.root, "test/docs/build-"));
    try {
      for (const [name, block] of [...typescript, ...components]) {
        const file = `${name.replaceAll(/\W+/g, "-")}.${block.language}`;
        await writeFile(join(folder, file), `${program(block)}\nexport {};\n`);
      }
      await writeFile(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          extends: "../../../tsconfig.json",
          compilerOptions: { jsx: "react-jsx" },
          include: ["*.ts", "*.tsx"],
          exclude: [],
        }),
      );
      await exec("tsc", packageFile("typescript-7", "bin/tsc", paths.tests), ["--project", folder, "--checkers", "1"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test("the guide to invoices names every format of a report", () => {
  type Formats = { properties: { format: { enum: (string | null)[] } } };
  const create = document.components?.schemas?.ReportCreate as Formats | undefined;
  const [, told = ""] =
    /Formats are (.*?);/s.exec(guides.find(({ page }) => page === "guides/invoices")?.body ?? "") ?? [];
  const formats = create?.properties.format.enum.filter((format) => format !== null);
  expect([...told.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(formats);
});

test("the guide to paging lists every filter of every list", () => {
  const body = guides.find(({ page }) => page === "guides/paging")?.body ?? "";
  const namesIn = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name));
  const rows = body.split("\n").filter((line) => /^\| `\//.test(line));
  const told = rows.flatMap((row) => {
    const [, lists, filters] = row.split("|");
    return namesIn(lists).map((path): [string, string[]] => [path, namesIn(filters).toSorted()]);
  });
  const documented = operations.flatMap(({ path, parameters }): [string, string[]][] => {
    const asked = parameters.filter(({ in: place }) => place === "query").map(({ name }) => name);
    const filters = asked.filter((name) => name !== "offset" && name !== "limit");
    return asked.includes("offset") ? [[path, filters.toSorted()]] : [];
  });
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(documented));
  expect(told.length).toBe(documented.length);
});

/** Blocks with several calls of one job, which are shown in TypeScript only. */
const JOBS = ["guides/microsoft, ts 2", "guides/seats, ts 3", "guides/processes, ts 3"];

describe("calls of guides", () => {
  const built = new Map(
    guides.map(({ page }) => [page, codeBlocksWithLabels(readFileSync(join(paths.docs, `${page}.md`), "utf8"))]),
  );

  test("are shown in four languages, each the same call", () => {
    for (const [name, { code, isRun }] of typescript) {
      const shows = /\bimcloud\.(?:http\.|request\(|\w+\.(?:list|get|create|update|estimate|parameters))/.test(code);
      // Files for coding agents are no pages.
      if (!name.startsWith("guides/") || !isRun || !shows || /createClient[.(]/.test(code) || JOBS.includes(name))
        continue;
      const blocks = built.get(String(name.split(",")[0])) ?? [];
      const at = blocks.findIndex((block) => block.code === code);
      const labels = blocks.slice(at, at + 4).map(({ label }) => label);
      expect([name, labels]).toEqual([name, ["TypeScript", "curl", "Python", "PowerShell"]]);
      const paths = blocks
        .slice(at + 1, at + 4)
        .map((block) => block.code.match(/(?:BASE_URL\}?|\+ ")(\/[^"\s]*)/)?.[1]);
      expect([name, new Set(paths).size]).toEqual([name, 1]);
    }
  });

  test("have correct syntax in curl and Python too", async () => {
    const all = [...built.values()].flat();
    const shell = all.filter(({ label }) => label === "curl").map(({ code }) => code);
    expect(shell.length).toBeGreaterThan(40);
    await runShell(shell.join("\n"), {}, ["-n"]);
    const python = JSON.stringify(all.filter(({ label }) => label === "Python").map(({ code }) => code));
    if (existsSync("/usr/bin/python3"))
      await run("python3", [
        "-c",
        "import ast, json, sys; [ast.parse(each) for each in json.loads(sys.argv[1])]",
        python,
      ]);
  });
});

describe("sh blocks of guides", () => {
  test.each(shell.filter(([, { isRun }]) => isRun))("run against the mock: %s", async (_name, { code }) => {
    const { stdout } = await runShell(code, await settingsOf(mock), STRICT);
    // The output is a response of the mock. A block that only sets variables prints nothing.
    expect(JSON.parse(stdout || "{}")).toBeTypeOf("object");
  });

  test.each(shell.filter(([, { isRun }]) => !isRun))("have correct syntax: %s", async (_name, { code }) => {
    await runShell(code, {}, ["-n"]);
  });
});

describe("guides/*.md", () => {
  test.each(guides.map((guide) => [guide.page, guide] as const))(
    "%s has a title, a description and operations",
    (_page, guide) => {
      expect(guide.description).toMatch(/^[A-Z0-9].{20,200}\.$/);
      expect(guide.body).not.toMatch(/^# /m);
    },
  );

  test("name operations of the document, and each operation is in one", () => {
    const used = new Set(guides.flatMap((guide) => guide.operations));
    expect([...used].sort()).toEqual(
      operations
        .map(({ id }) => id)
        .filter((id) => used.has(id))
        .sort(),
    );
    expect(operations.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  });
});
