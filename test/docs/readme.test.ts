import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { type ModuleRunner, startModuleRunner } from "./run.ts";

let mock: Mock;
let runner: ModuleRunner;
beforeAll(async () => {
  [mock, runner] = await Promise.all([startMock({ port: 0, speed: 20 }), startModuleRunner("js")]);
});
afterAll(async () => {
  try {
    // An example that goes on running would keep its reader's program from ending. Here, as tests run in any order.
    await runner.end();
  } finally {
    await Promise.all([mock.close(), runner.close()]);
  }
});

/** The settings that `createClient.fromEnv()` reads. */
const environment = () => ({
  IMCLOUD_BASE_URL: mock.url,
  IMCLOUD_MARKETPLACE: "se",
  IMCLOUD_USERNAME: "demo.api",
  IMCLOUD_PASSWORD: "demo-password",
});

/** Each JavaScript block of a README, with the title of its section. */
function examples(file: string): [where: string, code: string][] {
  const text = readFileSync(`${paths.root}${file}`, "utf8");
  return [...text.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => {
    const title =
      text
        .slice(0, match.index)
        .match(/^#+ .*$/gm)
        ?.at(-1) ?? "";
    return [`${file} ${title}`, String(match[1])];
  });
}

const all = [
  "README.md",
  "packages/client/README.md",
  "packages/mcp/README.md",
  "packages/mock/README.md",
  "packages/query/README.md",
].flatMap(examples);

test.each(all)("the example in %s runs", async (_where, code) => {
  const local = code.replaceAll("http://127.0.0.1:4010/marketplace", mock.url);
  const { stdout, stderr } = await runner.run(local, environment());
  expect(stderr).toBe("");
  expect(stdout).not.toBe("");
});

test("README.md's first example prints customers and a change of seats", async () => {
  const args = ["--input-type=module", "--eval", String(all[0]?.[1])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: paths.root });
  expect(stdout).toBe(
    "1002102 Lindmark Timber\n1002101 Brightwater Dental Group\n30 → 35 seats, order CH900304 is submitted\n",
  );
});

test("README.md links only to existing files, and no table row is wider than a screen", () => {
  const text = readFileSync(`${paths.root}README.md`, "utf8");
  const files = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => String(file));
  expect(files.length).toBeGreaterThan(15);
  expect(files.filter((file) => !existsSync(`${paths.root}${file}`))).toEqual([]);
  expect(text.split("\n").filter((line) => /^\|/.test(line) && line.length > 120)).toEqual([]);
});
