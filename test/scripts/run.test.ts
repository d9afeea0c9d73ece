import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import tasks from "../../scripts/tasks.json" with { type: "json" };
import { optionsOf, programOf, type Task, usageOf } from "../../scripts/tasks.mjs";
import { script } from "../support/script.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-run-"));
  await mkdir(join(folder, "scripts"));
  for (const file of ["run.mjs", "tasks.mjs", "tasks.json"])
    await cp(join(root, "scripts", file), join(folder, "scripts", file));
  await writeFile(join(folder, "package.json"), "{}");
  await writeFile(join(folder, "pnpm-workspace.yaml"), "catalog:\n  pnpm: 12.0.0\n");
  await writeFile(join(folder, "pnpm-lock.yaml"), "lockfileVersion: '9.0'\n");
  await writeFile(join(folder, "scripts/greet.ts"), "console.log('hello', ...process.argv.slice(2)); process.exit(3);");
  // No registry is reachable, so nothing can be installed.
  vi.stubEnv("npm_config_registry", "http://127.0.0.1:9");
  vi.stubEnv("npm_config_cache", join(folder, "cache"));
  vi.stubEnv("npm_config_fetch_retries", "0");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => script(join(folder, "scripts/run.mjs")).resultOf(...args);

/** Replaces `npx` in tests that need no real installation: npx takes a second to find no registry. */
async function replaceNpx(commands: string): Promise<void> {
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(join(folder, "bin/npx"), `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${join(folder, "bin")}${delimiter}${process.env.PATH}`);
}

test.each(["#", "%", "'", ...(process.platform === "win32" ? [] : ["?"])])(
  "run.mjs refuses a folder with a %s in its path before it installs anything, as it could build nothing there",
  async (character) => {
    const moved = join(folder, `a${character}b`);
    await mkdir(moved);
    for (const name of ["scripts", "pnpm-workspace.yaml"]) await rename(join(folder, name), join(moved, name));
    const { stdout, stderr, code } = await script(join(moved, "scripts/run.mjs")).resultOf("greet");
    expect(stderr).toMatch(/^Nothing can be built in .+, as its path has the character .: move the folder\.\n$/);
    expect([stdout, code]).toEqual(["", 1]);
  },
);

test("run.mjs says in one sentence that the registry cannot be reached, also where npm is told to be silent", async () => {
  vi.stubEnv("npm_config_loglevel", "silent");
  const { stdout, stderr, code } = await run("greet");
  expect(stdout).toMatch(/^Installing with pnpm@12\.0\.0\n/);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^The installation failed: http:\/\/127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\)\. [^\n]+\n$/,
  );
});

/** A command `npx` that prints a text and goes on as given. Returns the PATH that has it. */
async function fakeNpx(printed: string, then: string): Promise<string> {
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin/npx"), `#!/bin/sh\necho '${printed}'\n${then}\n`, { mode: 0o755 });
  return `${join(folder, "bin")}:${process.env.PATH}`;
}

test("run.mjs says why nothing can be installed, without warnings, when it is not the network", async () => {
  const reason = "ERR_PNPM_OUTDATED_LOCKFILE  It is not up to date";
  vi.stubEnv("PATH", await fakeNpx(`[WARN] Unsupported engine\n${reason}`, "exit 1"));
  const { stderr } = await run("greet");
  expect(stderr).toBe(`${reason}\nThe installation failed, and the lines above say why.\n`);
});

test("run.mjs says every few seconds how far an installation is", async () => {
  const path = await fakeNpx("Progress: resolved 12, reused 3, downloaded 4, added 7", "exec sleep 60");
  const env = { ...process.env, PATH: path };
  const child = spawn(process.execPath, [join(folder, "scripts/run.mjs"), "greet"], { env });
  const ended = once(child, "close");
  let seen = "";
  for await (const piece of child.stdout) {
    seen += piece;
    if (seen.includes("packages\n")) child.kill("SIGINT");
  }
  expect(seen).toBe("Installing with pnpm@12.0.0\n  7 of 12 packages\n");
  expect((await ended)[0]).toBe(130);
});

test("run.mjs reports no failure when its installation is interrupted", async () => {
  const begun = join(folder, "begun");
  await replaceNpx(`echo partly >&2\ntouch '${begun}'\nexec sleep 60`);
  const child = spawn(process.execPath, [join(folder, "scripts/run.mjs"), "greet"]);
  const ended = once(child, "close");
  const errors = text(child.stderr);
  child.stdout.resume();
  await expect.poll(() => existsSync(begun)).toBe(true);
  child.kill("SIGINT");
  expect([await errors, (await ended)[0]]).toEqual(["", 130]);
});

// npm hands a signal to its shell alone.
test.skipIf(process.platform === "win32").each([
  ["after an installation", false],
  ["without one", true],
])("run.mjs ends what it runs when its parent is gone, %s", async (_when, isInstalled) => {
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  await replaceNpx("exit 0");
  if (isInstalled) {
    await mkdir(join(folder, "node_modules/.pnpm"));
    await cp(join(folder, "pnpm-lock.yaml"), join(folder, "node_modules/.pnpm/lock.yaml"));
  }
  const ended = join(folder, "ended");
  const serving = `process.on("SIGTERM", () => { writeFileSync(${JSON.stringify(ended)}, ""); process.exit(); });`;
  const keeping = "setTimeout(() => process.exit(), 60_000); console.log('serving');";
  await writeFile(join(folder, "scripts/greet.ts"), `import { writeFileSync } from "node:fs";\n${serving}\n${keeping}`);
  const command = `"${process.execPath}" "${join(folder, "scripts/run.mjs")}" greet; true`;
  const parent = spawn("sh", ["-c", command]);
  for await (const piece of parent.stdout) if (String(piece).includes("serving")) break;
  parent.kill("SIGKILL");
  await expect.poll(() => existsSync(ended)).toBe(true);
});

test("run.mjs needs no registry once everything is installed, and passes on arguments and the exit code", async () => {
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  await mkdir(join(folder, "node_modules/.pnpm"));
  await cp(join(folder, "pnpm-lock.yaml"), join(folder, "node_modules/.pnpm/lock.yaml"));
  expect(await run("greet", "--to", "you")).toEqual({ stdout: "hello --to you\n", stderr: "", code: 3 });
  // Without a task it only installs.
  expect(await run()).toEqual({ stdout: "", stderr: "", code: 0 });
});

test("run.mjs accepts a partial installation only for tasks that need no more", async () => {
  await replaceNpx("exit 1");
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  await writeFile(join(folder, "scripts/build.ts"), "console.log('built');");
  await writeFile(join(folder, "scripts/start.ts"), "console.log('started');");
  await cp(join(folder, "pnpm-lock.yaml"), join(folder, "node_modules/.installed-for-start.yaml"));
  expect(await run("start")).toEqual({ stdout: "started\n", stderr: "", code: 0 });
  expect((await run("build")).stdout).toContain("Installing with pnpm@12.0.0\n");
  await rm(join(folder, "node_modules/.installed-for-start.yaml"));
  await cp(join(folder, "pnpm-lock.yaml"), join(folder, "node_modules/.installed-for-build.yaml"));
  expect(await run("build")).toEqual({ stdout: "built\n", stderr: "", code: 0 });
  expect(await run("start")).toEqual({ stdout: "started\n", stderr: "", code: 0 });
  expect((await run("lint")).stdout).toContain("Installing with pnpm@12.0.0\n");
});

test("run.mjs installs again for a lockfile that it had installed before another one", async () => {
  await replaceNpx("exit 0");
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  for (const task of ["start", "dev"]) await writeFile(join(folder, `scripts/${task}.ts`), "");
  const installFor = async (lockfile: string, task: string) => {
    await writeFile(join(folder, "pnpm-lock.yaml"), lockfile);
    return (await run(task)).stdout;
  };
  const installing = "Installing with pnpm@12.0.0\n";
  expect(await installFor("main's", "start")).toBe(installing);
  expect(await installFor("main's", "start")).toBe("");
  expect(await installFor("a branch's", "dev")).toBe(installing);
  expect(await installFor("main's", "start")).toBe(installing);

  await replaceNpx("exit 1");
  expect(await installFor("a branch's", "dev")).toBe(installing);
  expect(await installFor("main's", "start")).toBe(installing);
});

test("run.mjs writes nothing when everything is installed, as the folder may be read-only", async () => {
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  await mkdir(join(folder, "node_modules/.pnpm"));
  await cp(join(folder, "pnpm-lock.yaml"), join(folder, "node_modules/.pnpm/lock.yaml"));
  await writeFile(join(folder, "scripts/start.ts"), "console.log('started');");
  const before = await readdir(folder, { recursive: true });
  expect((await run("start")).stdout).toBe("started\n");
  expect(await readdir(folder, { recursive: true })).toEqual(before);
});

test("run.mjs --install installs a workspace of its own once, again for another lockfile, and says why it cannot", async () => {
  const place = join(folder, "bench");
  const installed = join(place, "node_modules/.pnpm");
  await mkdir(installed, { recursive: true });
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  await writeFile(join(place, "pnpm-lock.yaml"), "new");
  await replaceNpx("echo request to http://127.0.0.1:9/ky failed, ECONNREFUSED; exit 1");
  const missing = await run("--install", place);
  expect(missing.stderr).toMatch(/^The installation failed: http:\/\/127\.0\.0\.1:9 cannot be reached[^\n]+\n$/);
  expect(missing.code).toBe(1);

  await replaceNpx('[ "$(basename $PWD)" = bench ] && cp pnpm-lock.yaml node_modules/.pnpm/lock.yaml');
  const installing = { stdout: "Installing with pnpm@12.0.0\n", stderr: "", code: 0 };
  expect(await run("--install", place)).toEqual(installing);
  expect(await run("--install", place)).toEqual({ ...installing, stdout: "" });
  await writeFile(join(place, "pnpm-lock.yaml"), "newer");
  expect(await run("--install", place)).toEqual(installing);
});

test("run.mjs starts what is installed after more could not be installed, as without a network", async () => {
  await replaceNpx("exit 1");
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  await writeFile(join(folder, "scripts/start.ts"), "console.log('started');");
  await cp(join(folder, "pnpm-lock.yaml"), join(folder, "node_modules/.installed-for-start.yaml"));
  expect((await run("test")).code).toBe(1);
  expect((await run("start")).stdout).toBe("started\n");
});

test("run.mjs says what to do when Node is missing after the installation, or cannot be run", async () => {
  await replaceNpx("exit 0");
  const missing = await run("greet");
  expect(missing.stderr).toMatch(
    /^The installation is damaged: \S+ is missing\. Delete the folder node_modules[^\n]+\n$/,
  );
  expect(missing.code).toBe(1);

  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await writeFile(join(folder, "node_modules/node/bin/node"), "no program", { mode: 0o644 });
  const unable = await run("greet");
  expect(unable.stderr).toMatch(/ cannot be run \(spawn \S+ EACCES\)\. Delete the folder node_modules[^\n]+\n$/);
  expect(unable.code).toBe(1);
});

test("run.mjs runs a file with flags of Node on the project's Node, not on the machine's", async () => {
  await mkdir(join(folder, "node_modules/node/bin"), { recursive: true });
  await symlink(process.execPath, join(folder, "node_modules/node/bin/node"));
  await mkdir(join(folder, "node_modules/.pnpm"));
  await cp(join(folder, "pnpm-lock.yaml"), join(folder, "node_modules/.pnpm/lock.yaml"));
  await writeFile(
    join(folder, "file.ts"),
    "console.log(process.argv0, ...process.execArgv, process.argv[2] as string);",
  );
  expect(await run("--no-warnings", "./file.ts", "--part")).toEqual({
    stdout: `${join(folder, "node_modules/node/bin/node")} --no-warnings --part\n`,
    stderr: "",
    code: 0,
  });
});

test("package.json's scripts install first, and run on the project's Node, as the machine's may not run TypeScript", async () => {
  for (const [name, line] of Object.entries(scripts))
    expect([name, line]).toEqual([name, expect.stringMatching(/^node scripts\/run\.mjs [^&|;]+$/)]);
});

const { scripts }: { scripts: Record<string, string> } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

describe("tasks.json", () => {
  test("has every task of package.json, by the command that runs it", () => {
    const shown = Object.entries(scripts).flatMap(([name, line]) => {
      const task = /run\.mjs ([\w:-]+)$/.exec(line)?.[1];
      const command = name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
      return task === undefined ? [] : [[task, command]];
    });
    const named = Object.entries(tasks).map(([task, { command }]) => [task, command]);
    expect(named.sort()).toEqual(shown.sort());
  });

  test.each(Object.keys(tasks) as Task[])("names the file of %s", (task) => {
    expect(programOf(task).at(-1)).toSatisfy(existsSync);
  });
});

describe("optionsOf", () => {
  const names = Object.keys(tasks) as Task[];

  test.each(names.filter((name) => name !== "test"))("refuses options and words that %s does not know", (name) => {
    expect(() => optionsOf(name, ["--fix"])).toThrow("Unknown option '--fix'");
    expect(() => optionsOf(name, ["now"])).toThrow("Unexpected argument 'now'");
  });

  test("gives the values by their names", () => {
    expect(optionsOf("start", ["--port", "0", "--no-build"])).toEqual({ port: "0", "no-build": true });
    expect(optionsOf("release", ["--step", "check", "--step=sbom"])).toEqual({ step: ["check", "sbom"] });
  });
});

describe("scripts that take no arguments", () => {
  test("refuse one before they install or do anything", async () => {
    for (const task of ["lint", "release:check"])
      expect(await run(task, "--fix")).toEqual({ stdout: "", stderr: "Unknown option '--fix'\n", code: 1 });
    for (const task of ["manifests", "pictures", "assistant-tasks", "test:live"] as const) {
      const file = String(programOf(task).at(-1));
      const { stdout, stderr, code } = await script("--no-warnings", file).resultOf("--fix");
      expect({ stdout, stderr, code }, file).toEqual({ stdout: "", stderr: "Unknown option '--fix'\n", code: 1 });
    }
  });
});

describe("--help", () => {
  test("prints the usage of a task, and installs and runs nothing", async () => {
    expect(await run("start", "--port", "0", "--help")).toEqual({
      stdout: `npm start -- [options]

Builds everything, and serves mock and docs.

  --port <number>       port of the mock, 0 for any free one (default: 4010)
  --docs-port <number>  port of the docs (default: the one after the mock's)
  --no-build            serve what was built before
`,
      ...{ stderr: "", code: 0 },
    });
  });

  test("names what npm test hands on, and nothing where a task takes nothing", () => {
    expect(usageOf("test")).toMatch(/^npm test -- \[path…\] \[Vitest's options\]\n\n/);
    expect(usageOf("lint")).toBe("npm run lint\n\nRuns every check but the tests; types are among them.");
  });
});
