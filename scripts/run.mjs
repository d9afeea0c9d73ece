// Runs a task such as `start` or `test`, or a file. Starts on the machine's Node, installs the project's packages, its own Node
// among them, and goes on with that. `--install <folder>` only installs the workspace of its own that is in that folder. Plain
// JavaScript, because older versions of Node cannot run TypeScript.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isTask, optionsOf, programOf, usageOf } from "./tasks.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [task, ...args] = process.argv.slice(2);
/** The folder of the workspace that is installed. */
const installed = task === "--install" ? resolve(args[0]) : root;
// pnpm's version is in the catalog alone. With "packageManager" in package.json, pnpm 12 would install itself a
// second time, and corepack would step in.
const workspace = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
const pnpm = `pnpm@${/^ {2}pnpm: (\S+)$/m.exec(workspace)?.[1]}`;
const node = join(root, "node_modules/node/bin/node");

function fail(message) {
  console.error(message);
  process.exit(1);
}

const isWindows = process.platform === "win32";
let isInterrupted = false;

/** Runs a command to its end, and forwards the signals that a terminal or a supervisor sends. */
function run(command, commandArgs, { onOutput, signal: abort, ...options }) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, { cwd: root, ...options });
    // A group of its own is ended as one: npx does not forward every signal.
    const kill = (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (options.detached) process.kill(-child.pid, signal);
      else child.kill(signal);
    };
    abort?.addEventListener("abort", () => kill("SIGTERM"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data) => {
        output += data;
        onOutput?.(String(data));
      });
    }
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        isInterrupted = true;
        kill(signal);
      });
    }
    // npm forwards a signal to its shell alone. When the parent is gone, nobody waits for this any more.
    const parent = process.ppid;
    const watch = setInterval(() => {
      // What was told to end is cleaning up, and would take another signal for haste.
      if (process.ppid === parent || isInterrupted) return;
      isInterrupted = true;
      kill("SIGTERM");
    }, 500).unref();
    // The watch of an installation that is over would be the first to see it, and leave what runs by then behind.
    const end = (result) => {
      clearInterval(watch);
      resolve(result);
    };
    child.on("error", (error) => end({ code: 1, output: error.message }));
    child.on("close", (code) => end({ code: code ?? 1, output }));
  });
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Node ${process.versions.node} is too old: install Node 20 or later.`);
}

// Before anything is installed, as an unknown option would be found out minutes later.
if (isTask(task)) {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usageOf(task));
    process.exit(0);
  }
  try {
    optionsOf(task, args);
  } catch (error) {
    fail(error.message);
  }
}

// Vite and Astro take the first three for parts of an address, and Expressive Code writes the path between single quotes.
const [unfit] = /[#?%']/.exec(root) ?? [];
if (unfit) fail(`Nothing can be built in ${root}, as its path has the character ${unfit}: move the folder.`);

/** What only tests and checks need: browsers, databases, other Nodes and other people's tools. */
const TESTS = ["test", "test/**"];
/** Packages that `npm start` does not serve; their dependencies, such as DuckDB, are large. */
const NOT_SERVED = ["packages/sync", "packages/mcp"];
/** Folders whose dependencies a task does not install. Every other task installs all. */
const EXCLUDED = { start: [...TESTS, ...NOT_SERVED], dev: TESTS, build: TESTS, packages: TESTS };
const excluded = EXCLUDED[task] ?? [];
const lockfile = join(installed, "pnpm-lock.yaml");
/** A copy of the lockfile that a task's partial installation was made from. */
const copyOf = (name) => join(installed, `node_modules/.installed-for-${name}.yaml`);

/** Whether the installation fits the lockfile. pnpm keeps a copy of the lockfile only for a full installation. */
function isInstalled() {
  const enough = Object.keys(EXCLUDED).filter((name) => EXCLUDED[name].every((folder) => excluded.includes(folder)));
  const copies = [join(installed, "node_modules/.pnpm/lock.yaml"), ...enough.map(copyOf)];
  return (
    existsSync(node) && copies.some((copy) => existsSync(copy) && readFileSync(lockfile).equals(readFileSync(copy)))
  );
}

/** What npm and pnpm say when the registry cannot be reached. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|E(?:CONN|NET|HOST)[A-Z]+|E(?:RR_SOCKET_)?TIME(?:DOUT|OUT))\b|error sending request/;
/** npm waits 70 seconds before it gives up, unless it is told to try again soon. */
const SOON = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
/** After `npm run --silent`, npm would not say why it failed either. */
const NOT_SILENT = "--loglevel=notice";

/** Seconds after which an installation is given up that gets no package and has network errors. pnpm itself tries each of 1,500. */
const PATIENCE = 20;

/** Says every few seconds how far an installation is: a slow one looks like one that hangs. */
function watchInstallation() {
  const abort = new AbortController();
  let counts = "";
  let output = "";
  let changed = Date.now();
  const timer = setInterval(() => {
    console.log(counts ? `  ${counts} packages` : "  waiting for the npm registry");
    if (UNREACHABLE.test(output) && Date.now() - changed > PATIENCE * 1000) abort.abort();
  }, 4000);
  return {
    signal: abort.signal,
    onOutput(text) {
      output += text;
      const [, all, reused, downloaded] =
        [...text.matchAll(/Progress: resolved (\d+), reused (\d+), downloaded (\d+)/g)].at(-1) ?? [];
      const now = all ? `${Number(reused) + Number(downloaded)} of ${all}` : counts;
      if (now === counts) return;
      [counts, output, changed] = [now, "", Date.now()];
    },
    stop: () => clearInterval(timer),
  };
}

/** Explains why nothing could be installed: in a sentence when it is the network, else after what npm and pnpm say. */
function explain(output, isGivenUp) {
  // npm adds a stack trace of its own code, which tells a user nothing. What was tried again is no reason, unless nothing else came.
  const noReason = /^(npm error)?\s+at |^\[WARN\]|^Will retry |^Progress: |^npm warn /;
  const reasons = output
    .trim()
    .split("\n")
    .filter((line) => !noReason.test(line));
  const told = isGivenUp ? output : reasons.join("\n");
  const [matched, code] = UNREACHABLE.exec(told) ?? [];
  if (!matched) return `${told}\nThe installation failed, and the lines above say why.`;
  const [, address = "the npm registry"] = /(?:request to|GET|fetch) (https?:\/\/[^/\s]+)/.exec(told) ?? [];
  const reason = code ? `${address} cannot be reached (${code})` : `${address} cannot be reached`;
  return `The installation failed: ${reason}. The first start needs the npm registry: check the network, and npm's settings of registry and proxy.`;
}

if (!isInstalled()) {
  console.log(`Installing with ${pnpm}`);
  // An installation for another lockfile changes what was there, also when it ends halfway.
  for (const copy of Object.keys(EXCLUDED).map(copyOf)) {
    if (existsSync(copy) && !readFileSync(copy).equals(readFileSync(lockfile))) rmSync(copy);
  }
  const without = excluded.map((folder) => `--filter=!./${folder}`);
  const { stop, ...watching } = watchInstallation();
  const install = await run("npx", ["--yes", NOT_SILENT, ...SOON, pnpm, "install", "--frozen-lockfile", ...without], {
    cwd: installed,
    stdio: ["ignore", "pipe", "pipe"],
    shell: isWindows,
    detached: !isWindows,
    ...watching,
  });
  stop();
  // 130 is a shell's exit code for Ctrl-C.
  if (isInterrupted) process.exit(130);
  if (install.code !== 0) fail(explain(install.output, watching.signal.aborted));
  // pnpm looks at what it noted, not at each file.
  if (!existsSync(node)) {
    fail(`The installation is damaged: ${node} is missing. Delete the folder node_modules, and start again.`);
  }
  if (excluded.length) copyFileSync(lockfile, copyOf(task));
}

// Without a task it only installs.
if (!task || installed !== root) process.exit(0);

// By its path: a shell remembers where it found `node`, and would go on with the machine's own.
const program = isTask(task) ? programOf(task) : [/^\w[\w-]*$/.test(task) ? join(root, `scripts/${task}.ts`) : task];
const { code, output } = await run(node, [...program, ...args], { stdio: "inherit" });
if (output) fail(`${node} cannot be run (${output}). Delete the folder node_modules, and start again.`);
process.exitCode = code;
