import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs, promisify } from "node:util";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";

const HELP = `Compares commits by turns, each round in fresh clones of them.

  npm run bench:commits -- <commit> <commit>…    the time until npm start is ready, and how much it installs
  --task test                                    the CPU time of npm test
  --rounds 2                                     how often each commit has its turn
  --cold                                         with a package store that is empty in each round`;

const run = promisify(execFile);

/** What one round of a commit took. */
interface Result {
  /** Seconds of CPU time of all processes together. */
  cpu: number;
  /** Seconds from the start to the end, or until it is ready. */
  seconds: number;
  /** Megabytes that were installed. */
  installed: number;
  isFine: boolean;
}

/** Runs a command in a shell that prints the CPU time of its children at the end. */
const timed = (command: string, cwd: string, env: NodeJS.ProcessEnv): ChildProcess =>
  spawn("sh", ["-c", `trap : INT TERM; ${command}; code=$?; times; exit $code`], {
    ...{ cwd, env, stdio: ["ignore", "pipe", "inherit"] as const },
    // A process group of its own, so that a signal reaches all of it.
    detached: true,
  });

/** Seconds of user and system time of the children: the last line that `times` prints. */
export function cpuIn(output: string): number {
  const parts = [...(output.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

async function measure(clone: string, task: string, env: NodeJS.ProcessEnv): Promise<Result> {
  const begun = performance.now();
  const child = timed(task === "test" ? "npm test" : "npm start -- --port 0", clone, env);
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
    ...{ cpu: cpuIn(output), seconds, installed: Number.parseInt(stdout, 10) / 1_024 },
    isFine: task === "test" ? code === 0 : !Number.isNaN(seconds),
  };
}

async function measureCommit(commit: string, task: string, isCold: boolean): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-commit-"));
  try {
    const clone = join(folder, "clone");
    await run("git", ["clone", "--quiet", "--shared", paths.root, clone]);
    await run("git", ["checkout", "--quiet", commit], { cwd: clone });
    const store = { npm_config_store_dir: join(folder, "store"), PNPM_CONFIG_STORE_DIR: join(folder, "store") };
    return await measure(clone, task, { ...process.env, CI: "true", ...(isCold && store) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

const rounded = (value: number) => Number(value.toFixed(1));

async function compare(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      task: { type: "string", default: "start" },
      rounds: { type: "string", default: "2" },
      cold: { type: "boolean", default: false },
    },
  });
  if (!positionals.length || !["start", "test"].includes(values.task) || !(Number(values.rounds) >= 1)) {
    throw new Error(HELP);
  }
  const results = new Map<string, Result[]>(positionals.map((commit) => [commit, []]));
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const [commit, found] of results) {
      const result = await measureCommit(commit, values.task, values.cold);
      found.push(result);
      const { cpu, seconds, installed, isFine } = result;
      console.log(
        `round ${round}, ${commit}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU, ${installed.toFixed(0)} MB${isFine ? "" : ", FAILED"}`,
      );
    }
  }
  const [first] = [...results.values()].map((found) => median(found.map(({ cpu }) => cpu)));
  console.table(
    [...results].map(([commit, found]) => {
      const of = (name: "cpu" | "seconds" | "installed") => found.map((result) => result[name]);
      return {
        commit,
        seconds: rounded(median(of("seconds"))),
        "CPU seconds": rounded(median(of("cpu"))),
        spread: `${rounded(Math.min(...of("cpu")))} to ${rounded(Math.max(...of("cpu")))}`,
        "of the first": rounded(median(of("cpu")) / (first ?? Number.NaN)),
        "installed MB": Math.round(median(of("installed"))),
      };
    }),
  );
}

if (import.meta.main) main(compare);
