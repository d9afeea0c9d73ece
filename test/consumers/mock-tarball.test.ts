import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { isNightly } from "../support/nightly.ts";
import { projectWith } from "./support/unpack.ts";

const run = promisify(execFile);
/** A user's project with the packed packages. */
let project: string;
beforeAll(async () => {
  project = await projectWith(["@imcloud/client", "@imcloud/mock", "@imcloud/spec"]);
}, 120_000);
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
