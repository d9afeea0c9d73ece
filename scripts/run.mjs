// Runs `start`, `test`, another task or a file on whatever Node a machine has: installs what the project needs, its own Node
// among it, then goes on there. Plain JavaScript, because older versions of Node do not read TypeScript.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// The catalog names its version, once for everything. Not package.json's "packageManager": with it, pnpm 12 installs itself a
// second time, and corepack steps in.
const workspace = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
const pnpm = `pnpm@${/^ {2}pnpm: (\S+)$/m.exec(workspace)?.[1]}`;
const node = join(root, "node_modules/node/bin/node");
const [task, ...args] = process.argv.slice(2);

function fail(message) {
  console.error(message);
  process.exit(1);
}

let isInterrupted = false;

/** Runs a command to its end, handing on the signals that a terminal or a supervisor sends. */
function run(command, words, options) {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: root, ...options });
    let output = "";
    child.stdout?.on("data", (data) => (output += data));
    child.stderr?.on("data", (data) => (output += data));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        isInterrupted = true;
        child.kill(signal);
      });
    }
    // npm hands a signal to its shell alone; when that is gone, so is whoever asked for this.
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
/** What is served needs nothing of what these bring along, such as DuckDB. */
const NOT_SERVED = ["packages/sync", "packages/mcp"];
/** Folders whose packages a task leaves out; every other task installs all. */
const LEFT_OUT = { start: [...TESTS, ...NOT_SERVED], dev: TESTS, build: TESTS, packages: TESTS };
const leftOut = LEFT_OUT[task] ?? [];
const lockfile = join(root, "pnpm-lock.yaml");
/** The lockfile that an installation without some folders was made from. */
const markOf = (name) => join(root, `node_modules/.installed-for-${name}.yaml`);

/** Whether what is installed is what the lockfile says; pnpm keeps a copy of the lockfile that it installed all of. */
function isInstalled() {
  const enough = Object.keys(LEFT_OUT).filter((name) => LEFT_OUT[name].every((folder) => leftOut.includes(folder)));
  const copies = [join(root, "node_modules/.pnpm/lock.yaml"), ...enough.map(markOf)];
  return (
    existsSync(node) && copies.some((copy) => existsSync(copy) && readFileSync(lockfile).equals(readFileSync(copy)))
  );
}

if (!isInstalled()) {
  console.log(`Installing with ${pnpm}`);
  const without = leftOut.map((folder) => `--filter=!./${folder}`);
  const install = await run("npx", ["--yes", pnpm, "install", "--frozen-lockfile", ...without], {
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  // Nothing has failed then, and 130 is what a shell says of a Ctrl-C.
  if (isInterrupted) process.exit(130);
  if (install.code !== 0) {
    // npm adds the stack of its own code, which tells a user nothing.
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
  // With Node come 67 MB of C++ headers, which nothing here is compiled against.
  const platforms = join(root, "node_modules/node/node_modules");
  for (const name of existsSync(platforms) ? readdirSync(platforms) : []) {
    // npm's own lockfile lies beside it.
    if (name.startsWith("node-")) rmSync(join(platforms, name, "include"), { recursive: true, force: true });
  }
}

if (leftOut.length) copyFileSync(lockfile, markOf(task));

// Without a task it installs, and no more.
if (!task) process.exit(0);

// A shell remembers where it found `node`, so what it ran after this would still run on the machine's own.
const words = /^\w[\w-]*$/.test(task) ? [join(root, `scripts/${task}.ts`), ...args] : [task, ...args];
const { code } = await run(node, words, { stdio: "inherit" });
process.exitCode = code;
