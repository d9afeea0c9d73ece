import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { isNightly } from "../support/nightly.ts";

const run = promisify(execFile);
const packages = { spec: paths.specPackage, client: paths.client, mock: paths.mock };
type Name = keyof typeof packages;

/** A user's project with the packed packages. */
let project: string;
const tarballs = {} as Record<Name, string>;

async function pack(name: Name): Promise<void> {
  const folder = await mkdtemp(join(project, `${name}-`));
  const pnpm = packageFile("pnpm", "bin/pnpm.mjs", paths.tests);
  await run(process.execPath, [pnpm, "pack", "--pack-destination", folder], { cwd: packages[name] });
  tarballs[name] = join(folder, String((await readdir(folder))[0]));
}

/** Unpacks the tarballs beside the dependencies that are installed here: fast, and otherwise as in a user's project. */
async function unpackAll(): Promise<void> {
  for (const [name, tarball] of Object.entries(tarballs)) {
    const folder = join(project, "node_modules/@imcloud", name);
    await mkdir(folder, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    for (const dependency of Object.keys(dependencies).filter((other) => !other.startsWith("@imcloud/"))) {
      const link = join(project, "node_modules", dependency);
      await mkdir(dirname(link), { recursive: true });
      const installed = join(packages[name as Name], "node_modules", dependency);
      await symlink(installed, link).catch((error) => {
        if (error.code !== "EEXIST") throw error;
      });
    }
  }
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "imcloud-mock-consumer-"));
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  for (const name of Object.keys(packages) as Name[]) await pack(name);
  if (!isNightly) return unpackAll();
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", ...Object.values(tarballs)];
  await run("npm", args, { cwd: project });
}, 300_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const platforms = join(paths.root, "test/platforms");
/** The oldest Node finds most faults; the others are tried at night. */
const nodes = {
  "Node 20": join(platforms, "node_modules/.bin/node"),
  ...(isNightly && {
    "Node 22": join(platforms, "with-prism/node_modules/.bin/node"),
    "Node 24": process.execPath,
  }),
};

describe("@imcloud/mock, packed", () => {
  test.each(Object.entries(nodes))("serves on %s, by its command, startMock and createSandbox", async (name, node) => {
    const file = join(project, "use.mjs");
    await writeFile(
      file,
      `import { createClient } from "@imcloud/client";
      import { startMock } from "@imcloud/mock";
      import { createSandbox } from "@imcloud/mock/sandbox";
      const mock = await startMock({ port: 0, speed: 0 });
      for (const { connection } of [mock, createSandbox({ speed: 0 })]) {
        const { pagination } = await createClient({ ...connection }).orders.list();
        console.log(pagination.total);
      }
      await mock.close();`,
    );
    const { stdout } = await run(node, ["--no-warnings", file], { cwd: project });
    expect(stdout).toBe("3\n3\n");

    const cli = join(project, "node_modules/@imcloud/mock/dist/cli.js");
    const child = spawn(node, [cli, "--port", "0"], { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += data));
    while (!/Inspect and control/.test(printed)) await once(child.stdout, "data");
    const url = String(/http:\S+/.exec(printed)?.[0]);
    expect((await fetch(new URL("/__mock/ready", url))).status).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(printed).not.toContain("    at ");
    expect(printed.includes("without Prism")).toBe(name === "Node 20");
  });
});
