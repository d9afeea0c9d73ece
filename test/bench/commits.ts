import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs, promisify } from "node:util";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { exitCodeOf, onEndSignal } from "../../scripts/signals.ts";
import { type CpuMeter, cgroupMeter, shellMeter } from "./processes-cpu.ts";
import { undoAtExit } from "./undo.ts";

const HELP = `Compares commits by turns, each round in fresh clones of them.

  npm run bench:commits -- <commit> <commit>…    the time until npm start is ready, and how much it installs
  --task test                                    the CPU time of npm test
  --rounds 2                                     how often each commit has its turn
  --cold                                         with a package store that is empty in each round

The CPU time is that of all processes, where Linux lets this user make a control group; else of those that are waited for,
which a browser's are not. The first line says which.`;

const run = promisify(execFile);

/** What one round of a commit took. */
interface Result {
  /** Seconds of CPU time. */
  cpu: number;
  /** Seconds from the start to the end, or until it is ready. */
  seconds: number;
  /** Megabytes that were installed. */
  installed: number;
  isFine: boolean;
}

/** Starts a command in a shell of its own. */
function startShell(command: string, cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn("sh", ["-c", `trap : INT TERM; ${command}`], {
    ...{ cwd, env, stdio: ["ignore", "pipe", "inherit"] as const },
    // A process group of its own, so that a signal reaches all of it.
    detached: true,
  });
  child.once(
    "exit",
    undoAtExit(() => process.kill(-(child.pid as number), "SIGKILL")),
  );
  return child;
}

async function measure(clone: string, task: string, meter: CpuMeter, env: NodeJS.ProcessEnv): Promise<Result> {
  const counter = meter.start();
  const begun = performance.now();
  const child = startShell(counter.counted(task === "test" ? "npm test" : "npm start -- --port 0"), clone, env);
  let seconds = Number.NaN;
  let printed = "";
  child.stdout?.on("data", (piece) => {
    printed += piece;
    if (task === "test" || !Number.isNaN(seconds) || !printed.includes("Ctrl-C")) return;
    seconds = (performance.now() - begun) / 1_000;
    // As Ctrl-C does: npm then waits for its children.
    process.kill(-(child.pid as number), "SIGINT");
  });
  const [output, [code]] = await Promise.all([
    text(child.stdout as NonNullable<ChildProcess["stdout"]>),
    once(child, "exit"),
  ]);
  if (task === "test") seconds = (performance.now() - begun) / 1_000;
  const { stdout } = await run("du", ["-sk", join(clone, "node_modules")]);
  return {
    ...{ cpu: await counter.seconds(output), seconds, installed: Number.parseInt(stdout, 10) / 1_024 },
    isFine: task === "test" ? code === 0 : !Number.isNaN(seconds),
  };
}

async function measureCommit(commit: string, task: string, meter: CpuMeter, isCold: boolean): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-commit-"));
  // The tests' PostgreSQL does not run as root: its own user has to reach its program.
  await chmod(folder, 0o755);
  const noteRemoved = undoAtExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const clone = join(folder, "clone");
    await run("git", ["clone", "--quiet", "--shared", paths.root, clone]);
    await run("git", ["checkout", "--quiet", commit], { cwd: clone });
    const store = { npm_config_store_dir: join(folder, "store"), PNPM_CONFIG_STORE_DIR: join(folder, "store") };
    return await measure(clone, task, meter, { ...process.env, CI: "true", ...(isCold && store) });
  } finally {
    await rm(folder, { recursive: true, force: true });
    noteRemoved();
  }
}

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

const rounded = (value: number, digits = 1) => Number(value.toFixed(digits));

/** The commit that each name means now, so that a branch that moves meanwhile changes nothing. */
async function hashOf(name: string): Promise<string> {
  const found = run("git", ["rev-parse", "--verify", "--quiet", `${name}^{commit}`], { cwd: paths.root });
  const { stdout } = await found.catch(() => {
    throw new Error(`There is no commit ${name} in ${paths.root}.`);
  });
  return stdout.trim();
}

/** Prints the median of each commit's rounds so far, beside the first commit's. */
function printTable(results: Map<string, Result[]>): void {
  const [first = []] = results.values();
  console.table(
    [...results].map(([commit, found]) => {
      const of = (name: "cpu" | "seconds" | "installed", those = found) => those.map((result) => result[name]);
      const beside = (name: "cpu" | "seconds") => rounded(median(of(name)) / median(of(name, first)), 2);
      return {
        ...{ commit, rounds: found.length, seconds: rounded(median(of("seconds"))), "of the first": beside("seconds") },
        "CPU seconds": rounded(median(of("cpu"))),
        spread: `${rounded(Math.min(...of("cpu")))} to ${rounded(Math.max(...of("cpu")))}`,
        "CPU of the first": beside("cpu"),
        "installed MB": Math.round(median(of("installed"))),
      };
    }),
  );
}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h", default: false },
      task: { type: "string", default: "start" },
      rounds: { type: "string", default: "2" },
      cold: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!values.help) {
    if (!positionals.length) throw new Error(`Name the commits to compare.\n\n${HELP}`);
    if (!["start", "test"].includes(values.task))
      throw new Error(`There is no task ${values.task}; take start or test.`);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds is ${values.rounds}; take 1 or more.`);
  }
  return { ...values, rounds, commits: [...new Set(positionals)] };
}

/** Ends the process at a signal. What runs and the clones end with it. */
function endOnSignals(results: Map<string, Result[]>): void {
  onEndSignal((signal) => {
    if ([...results.values()].some((found) => found.length)) printTable(results);
    console.error("Interrupted. The clone is removed before the end, which takes some seconds.");
    process.exit(exitCodeOf(signal));
  });
}

async function compare(): Promise<void> {
  const { help, task, rounds, cold, commits } = readOptions();
  if (help) return console.log(HELP);
  const hashes = new Map<string, string>();
  for (const commit of commits) hashes.set(commit, await hashOf(commit));
  const results = new Map<string, Result[]>(commits.map((commit) => [commit, []]));
  endOnSignals(results);
  const meter = cgroupMeter() ?? shellMeter;
  console.log(`CPU seconds are ${meter.whose}.`);
  for (let round = 1; round <= rounds; round++) {
    for (const [commit, found] of results) {
      const result = await measureCommit(hashes.get(commit) as string, task, meter, cold);
      found.push(result);
      const { cpu, seconds, installed, isFine } = result;
      console.log(
        `round ${round}, ${commit}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU, ${installed.toFixed(0)} MB${isFine ? "" : ", FAILED"}`,
      );
    }
  }
  printTable(results);
  const failed = [...results].filter(([, found]) => found.some(({ isFine }) => !isFine)).map(([commit]) => commit);
  if (failed.length) throw new Error(`The ${task} of ${failed.join(", ")} failed, so that its figures say little.`);
}

if (import.meta.main) main(compare);
