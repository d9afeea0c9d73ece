import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Processes, Rebuilder } from "../../scripts/dev-rebuilder.ts";
import { isBuildCode, isPageCode, rebuildTargetOf } from "../../scripts/dev-targets.ts";
import { WarmProcess } from "../../scripts/warm-process.ts";
import { isRunning } from "../support/is-running.ts";

describe("npm run dev", () => {
  test.each([
    ["openapi/components/schemas/Plan.yaml", "document"],
    ["openapi/rules/imcloud.js", "document"],
    ["packages/spec/generate/types.ts", "document"],
    ["packages/mock/generate/sources.ts", "document"],
    ["packages/client/generate/resources.ts", "document"],
    ["packages/openapi-tools/src/document.ts", "document"],
    ["packages/client/src/client.ts", "client"],
    ["packages/mock/src/core/domain/orders/orders.ts", "mock"],
    ["packages/mock/page/page.js", "mock"],
    ["packages/theme/static/tokens.css", "mock"],
    ["packages/query/src/index.ts", "query"],
    ["packages/stores/src/index.ts", "stores"],
    ["packages/options/src/check-options.ts", "options"],
    ["packages/cli/src/program.ts", "cli"],
    ["packages/mcp/src/index.ts", "mcp"],
    ["packages/docs/guides/selling.md", "pages"],
    ["packages/docs/errors/429.md", "pages"],
    ["packages/docs/generate/guides.ts", "pages"],
    ["packages/docs/src/styles/search.css", "pages"],
    ["packages/client/README.md", "pages"],
    ["openapi/decisions/0001-sources.md", "pages"],
    ["openapi/workflows/sell.arazzo.yaml", "pages"],
    ["test/evidence/sources/facts.yaml", "pages"],
  ])("rebuilds after a change of %s: %s", (file, rebuilt) => {
    expect(rebuildTargetOf(file)).toBe(rebuilt);
  });

  test.each([
    "packages/spec/dist/openapi.json",
    "packages/mock/src/generated/operations.ts",
    "packages/mock/node_modules/fp-ts/index.js",
    "packages/client/src/retry.test.ts",
    "packages/client/src/client.test-d.ts",
    "packages/mock/README.md",
    "openapi/paths/.plans.yaml.swp",
    "openapi/paths/plans.yaml~",
    "packages/docs/src/components/Head.astro",
    "packages/docs/build/guides/selling.md",
    "packages/docs/.astro/remade/at-1/guides/selling.md",
    "packages/docs/astro.config.ts",
  ])("builds nothing after a change of %s", (file) => {
    expect(rebuildTargetOf(file)).toBeUndefined();
  });

  test.each([
    ["packages/mock/generate/sources.ts", true],
    ["packages/openapi-tools/src/document.ts", true],
    ["packages/theme/src/header.ts", true],
    ["packages/client/tsdown.config.ts", true],
    ["packages/client/src/client.ts", false],
    ["packages/theme/static/tokens.css", false],
    ["openapi/components/schemas/Plan.yaml", false],
  ])("knows whether %s is code of the build: %s", (file, isPart) => {
    expect(isBuildCode(file)).toBe(isPart);
  });

  test.each([
    ["packages/docs/generate/guides.ts", true],
    ["packages/docs/src/search/browser.ts", true],
    ["packages/docs/guides/selling.md", false],
  ])("knows whether %s is code that makes pages: %s", (file, isPart) => {
    expect(isPageCode(file)).toBe(isPart);
  });
});

/** A process that logs each task, and never finishes one named `endless`. */
async function recorder() {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-dev-"));
  const [module, log] = ["task.ts", "log.txt"].map((name) => join(folder, name)) as [string, string];
  const tasks = new URL("../../scripts/warm-process.ts", import.meta.url).href;
  await writeFile(log, "");
  await writeFile(
    module,
    `import { appendFile } from "node:fs/promises";
    import { doTasks } from ${JSON.stringify(tasks)};
    let done = 0;
    doTasks(async (task) => {
      done += 1;
      await appendFile(process.argv[2], JSON.stringify({ task, done, pid: process.pid }) + "\\n");
      if (task.what === "client") await new Promise((resolve) => setTimeout(resolve, 3_600_000));
      if (task.what === "query") throw new Error("It cannot be built.");
    });`,
  );
  const started: WarmProcess<object>[] = [];
  onTestFinished(async () => {
    await Promise.all(started.map((each) => each.stop()));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    start(): WarmProcess<never> {
      const each = new WarmProcess<object>(pathToFileURL(module).href, [log]);
      started.push(each);
      return each;
    },
    async lines(): Promise<{ task: object; done: number; pid: number }[]> {
      const text = await readFile(log, "utf8");
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
  };
}

describe("WarmProcess", () => {
  test("runs one task after the other in one process, and rejects a failed one with its reason", async () => {
    const { start, lines } = await recorder();
    const warm = start() as WarmProcess<object>;
    await warm.perform({ what: "mock" });
    await expect(warm.perform({ what: "query" })).rejects.toThrow("It cannot be built.");
    await warm.perform({ what: "mock" });
    const all = await lines();
    expect(all.map(({ done }) => done)).toEqual([1, 2, 3]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    await warm.replace();
    await warm.perform({ what: "mock" });
    expect((await lines()).at(-1)).toMatchObject({ done: 1 });
  });
});

/** Processes that only note what they are told to do. The builder fails for the target `query`. */
function notedProcesses() {
  const done: object[] = [];
  const noting = (name: string) => ({
    perform: async (task: object) => {
      if ("what" in task && task.what === "query") throw new Error("It cannot be built.");
      done.push({ [name]: task });
    },
    replace: async () => void done.push({ [name]: "replaced" }),
    stop: async () => {},
  });
  const processes: Processes = {
    builder: noting("builder"),
    mock: noting("mock"),
    pages: noting("pages"),
    files: noting("files"),
  };
  return { processes, done };
}

describe("Rebuilder.changed", () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  const error = vi.spyOn(console, "error").mockReturnValue();
  const printed = (spy: typeof log, text: string) =>
    expect.poll(() => spy.mock.calls.flat()).toContainEqual(expect.stringContaining(text));

  test("builds files that change at once once, what the document does not rebuild too, and then serves once", async () => {
    const { processes, done } = notedProcesses();
    const rebuilder = new Rebuilder(processes);
    for (const file of [
      "packages/docs/guides/selling.md",
      "packages/stores/src/index.ts",
      "packages/mock/src/core/api/api.ts",
      "packages/spec/generate/types.ts",
      "openapi/openapi.yaml",
    ]) {
      rebuilder.changed(file);
    }
    await printed(log, "packages/docs/guides/selling.md and 4 more files: built in");
    await rebuilder.close();
    expect(done.slice(0, 5)).toEqual([
      { builder: "replaced" },
      { builder: { stage: "first", what: "document" } },
      { builder: { stage: "first", what: "stores" } },
      { mock: { serve: true } },
      { pages: { isReloaded: true, isWhole: false } },
    ]);
  });

  test("says why one target cannot be built, and serves the others", async () => {
    const { processes, done } = notedProcesses();
    const rebuilder = new Rebuilder(processes);
    rebuilder.changed("packages/query/src/index.ts");
    rebuilder.changed("packages/docs/guides/selling.md");
    await printed(error, "packages/query/src/index.ts: It cannot be built.\nThe last build is still served.");
    await printed(log, "packages/docs/guides/selling.md: built in");
    await rebuilder.close();
    expect(done).toEqual([{ pages: { isReloaded: false, isWhole: false } }]);
  });

  test("names what only the next start uses", async () => {
    const { processes, done } = notedProcesses();
    const rebuilder = new Rebuilder(processes);
    rebuilder.changed("scripts/build.ts");
    rebuilder.changed("pnpm-lock.yaml");
    await printed(log, "scripts/build.ts and 1 more file: end npm run dev and start it again to use them.");
    await rebuilder.close();
    expect(done).toEqual([]);
  });
});

describe("Rebuilder.close", () => {
  test("stops the current build at once, and does not build later changes", async () => {
    const { start, lines } = await recorder();
    const processes = { ...notedProcesses().processes, builder: start() };
    const rebuilder = new Rebuilder(processes);
    rebuilder.changed("packages/client/src/client.ts");
    await expect.poll(lines).toHaveLength(1);
    rebuilder.changed("packages/mock/src/start.ts");
    await rebuilder.close();
    rebuilder.changed("packages/mock/src/start.ts");
    const all = await lines();
    expect(all.map(({ task }) => task)).toEqual([{ stage: "first", what: "client" }]);
    expect(all.map(({ pid }) => isRunning(pid))).toEqual([false]);
  });
});
