import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkImports } from "../../scripts/imports.ts";

let folder: string;
let messages: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-imports-"));
  const broken = Object.fromEntries(cases.map(([, file, imports]) => [file, imports]));
  // Loading is quick, and a check is not: one for all cases.
  messages = await checkImports(await repository("broken", { ...good, ...more, ...broken })).then(
    () => "",
    ({ message }: Error) => message,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A repository of the given files, each with its imports. */
async function repository(name: string, files: Record<string, string[]>): Promise<string> {
  const root = join(folder, name);
  const roots = ["openapi", "packages", "scripts", "test"].map((path) => join(root, path));
  await Promise.all(roots.map((path) => mkdir(path, { recursive: true })));
  await writeFile(join(root, "tsconfig.json"), "{}");
  for (const [file, imports] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    const source = imports.map((specifier) => `import type {} from "${specifier}";\n`).join("");
    await writeFile(join(root, file), `${source}export const here = 1;\n`);
  }
  return root;
}

const good = {
  "packages/openapi-tools/src/a.ts": [],
  "packages/client/src/index.ts": ["./core/b.ts", "../../openapi-tools/src/a.ts"],
  "packages/client/src/core/b.ts": [],
  "packages/client/src/core/b.test.ts": ["../index.ts", "../lists/l.ts"],
  "packages/client/src/lists/l.ts": ["../core/b.ts"],
  "packages/mock/src/core/c.ts": [],
  "packages/mock/src/start.ts": ["./core/c.ts", "node:fs"],
  "scripts/d.ts": ["../packages/mock/src/start.ts"],
  "test/e.ts": ["../scripts/d.ts", "../packages/client/generate/g.ts"],
};

/** An import that breaks a rule. The message names the file, unless it names another `place`. */
type Case = [what: string, file: string, imports: string[], rule: string, place?: string];

const cases: Case[] = [
  [
    "from a package to one after it",
    "packages/client/src/core/after.ts",
    ["../../../mock/src/start.ts"],
    "layers of packages/client",
  ],
  [
    "from a package to the scripts",
    "packages/mock/src/scripted.ts",
    ["../../../scripts/d.ts"],
    "layers of packages/mock",
  ],
  [
    "from the tools to a test",
    "packages/openapi-tools/src/a.test.ts",
    ["../../../test/e.ts"],
    "layers of packages/openapi-tools",
  ],
  ["from a script to a test", "scripts/tested.ts", ["../test/e.ts"], "layers of scripts"],
  [
    "to another package's inside",
    "packages/mock/src/inside.ts",
    ["../../client/src/core/b.ts"],
    "packages-by-their-entries",
  ],
  ["from a test to a package's inside", "test/k.ts", ["../packages/client/src/core/b.ts"], "tests-by-their-entries"],
  ["to a generator", "packages/client/src/f.ts", ["../generate/g.ts"], "src-without-generators"],
  [
    "in a circle of files",
    "packages/client/src/core/round.ts",
    ["./again.ts"],
    "no-circular-files",
    "packages/client/src/core/again.ts",
  ],
  [
    "in a circle of folders",
    "packages/client/src/core/h.ts",
    ["../http/i.ts"],
    "no-circular-folders",
    "packages/client/src/core",
  ],
  [
    "in a circle of three folders",
    "packages/mock/src/one/a.ts",
    ["../two/b.ts"],
    "no-circular-folders",
    "packages/mock/src/two → packages/mock/src/three/deep → packages/mock/src/one → packages/mock/src/two",
  ],
  ["from the mock's core to Node", "packages/mock/src/core/on-node.ts", ["node:fs"], "mock-core-without-node"],
  [
    "from the mock's core to what serves it",
    "packages/mock/src/core/served.ts",
    ["../start.ts"],
    "mock-core-without-prism",
  ],
];

/** What makes a circle of files or folders, or is imported by what breaks a rule. */
const more = {
  "packages/client/generate/g.ts": [],
  "packages/client/src/core/again.ts": ["./round.ts"],
  "packages/client/src/http/i.ts": [],
  "packages/client/src/http/j.ts": ["../core/b.ts"],
  "packages/mock/src/two/b.ts": ["../three/deep/c.ts"],
  "packages/mock/src/three/deep/c.ts": ["../../one/d.ts"],
  "packages/mock/src/one/d.ts": [],
};

test("checkImports accepts imports that run the right way", async () => {
  await expect(checkImports(await repository("good", good))).resolves.toBeUndefined();
});

test.each(cases)("checkImports rejects an import %s", (_what, file, _imports, rule, place = file) => {
  expect(messages).toContain(`error ${rule}: ${place}`);
});
