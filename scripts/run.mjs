// Runs a task such as `start` or `test`, or a file. Starts on the machine's Node, installs the project's packages, its own Node
// among them, and goes on with that. Plain JavaScript, because older versions of Node cannot run TypeScript.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// pnpm's version is in the catalog alone. With "packageManager" in package.json, pnpm 12 would install itself a
// second time, and corepack would step in.
const workspace = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
const pnpm = `pnpm@${/^ {2}pnpm: (\S+)$/m.exec(workspace)?.[1]}`;
const node = join(root, "node_modules/node/bin/node");
const [task, ...args] = process.argv.slice(2);

function fail(message) {
  console.error(message);
  process.exit(1);
}

let isInterrupted = false;

/** Runs a command to its end, and forwards the signals that a terminal or a supervisor sends. */
function run(command, commandArgs, options) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, { cwd: root, ...options });
    let output = "";
    child.stdout?.on("data", (data) => (output += data));
    child.stderr?.on("data", (data) => (output += data));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        isInterrupted = true;
        child.kill(signal);
      });
    }
    // npm forwards a signal to its shell alone. When the parent is gone, nobody waits for this any more.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Node ${process.versions.node} is too old: install Node 20 or later.`);
}

/** What only tests and checks need: browsers, databases, other Nodes and other people's tools. */
const TESTS = ["test", "test/**"];
/** Packages that `npm start` does not serve; their dependencies, such as DuckDB, are large. */
const NOT_SERVED = ["packages/sync", "packages/mcp"];
/** Folders whose dependencies a task does not install. Every other task installs all. */
const EXCLUDED = { start: [...TESTS, ...NOT_SERVED], dev: TESTS, build: TESTS, packages: TESTS };
const excluded = EXCLUDED[task] ?? [];
const lockfile = join(root, "pnpm-lock.yaml");
/** A copy of the lockfile that a task's partial installation was made from. */
const copyOf = (name) => join(root, `node_modules/.installed-for-${name}.yaml`);

/** Whether the installation fits the lockfile. pnpm keeps a copy of the lockfile only for a full installation. */
function isInstalled() {
  const enough = Object.keys(EXCLUDED).filter((name) => EXCLUDED[name].every((folder) => excluded.includes(folder)));
  const copies = [join(root, "node_modules/.pnpm/lock.yaml"), ...enough.map(copyOf)];
  return (
    existsSync(node) && copies.some((copy) => existsSync(copy) && readFileSync(lockfile).equals(readFileSync(copy)))
  );
}

if (!isInstalled()) {
  console.log(`Installing with ${pnpm}`);
  const without = excluded.map((folder) => `--filter=!./${folder}`);
  const install = await run("npx", ["--yes", pnpm, "install", "--frozen-lockfile", ...without], {
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  // 130 is a shell's exit code for Ctrl-C.
  if (isInterrupted) process.exit(130);
  if (install.code !== 0) {
    // npm adds a stack trace of its own code, which tells a user nothing.
    const isStack = (line) => /^(npm error)?\s+at /.test(line);
    console.error(
      install.output
        .trim()
        .split("\n")
        .filter((line) => !isStack(line))
        .join("\n"),
    );
    fail(
      "The installation failed, and the lines above say why. It needs the npm registry; once it is done, no network.",
    );
  }
}

if (excluded.length) copyFileSync(lockfile, copyOf(task));

// Without a task it only installs.
if (!task) process.exit(0);

// By its path: a shell remembers where it found `node`, and would go on with the machine's own.
const nodeArgs = /^\w[\w-]*$/.test(task) ? [join(root, `scripts/${task}.ts`), ...args] : [task, ...args];
const { code } = await run(node, nodeArgs, { stdio: "inherit" });
process.exitCode = code;
