import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { ensurePackages, ensurePages } from "../../scripts/build.ts";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { printComparison } from "./report.ts";
import { type About, compare, isBusy, readResults } from "./results.ts";
import { judge, type Parts, runParts } from "./run.ts";

const folder = import.meta.dirname;

/** All parts, in their order. The last changes files of the checkout. */
const parts: Parts = {
  sizes: async () => (await import("./parts/sizes.ts")).sizes(),
  "client-size": async () => (await import("./parts/client-size.ts")).clientSizes(),
  types: async () => (await import("./parts/types.ts")).types(),
  command: async () => (await import("./parts/command.ts")).command(),
  "first-response": async () => (await import("./parts/first-response.ts")).firstResponse(),
  docs: async () => (await import("./parts/docs.ts")).docs(),
  quota: async () => (await import("./parts/quota.ts")).quota(),
  nights: async () => (await import("./parts/nights.ts")).nights(),
  builds: async () => (await import("./parts/builds.ts")).builds(),
  calls: async () => (await import("./parts/calls.ts")).calls(),
  mocks: async () => (await import("./parts/mocks.ts")).mocks(),
  "dev-loop": async () => (await import("./parts/dev-loop.ts")).devLoop(),
};

const HELP = `Measures side by side with others. test/bench/README.md says what each part does.

  npm run bench                           everything
  npm run bench -- --part quota           one part, or several, each with --part:
                                          ${Object.keys(parts).slice(0, 7).join(", ")},
                                          ${Object.keys(parts).slice(7).join(", ")}
  npm run bench -- --check                ends with 1 when a budget is clearly not kept
  npm run bench -- --out before.json      writes the results there, and not to test/bench/results.json
  npm run bench -- --against before.json  says what differs from these results by more than chance

Ctrl-C ends it; the parts that were measured until then are in the file.`;

/**
 * Installs the compared packages: they are a workspace of their own, which a normal install leaves out.
 * @returns whether they are installed; if not, it was said why
 */
async function install(): Promise<boolean> {
  const args = [join(paths.root, "scripts/run.mjs"), "--install", folder];
  const [code] = await once(spawn(process.execPath, args, { stdio: "inherit" }), "exit");
  return code === 0;
}

async function commitOf(): Promise<string | undefined> {
  const git = async (...args: string[]) => (await promisify(execFile)("git", args, { cwd: paths.root })).stdout.trim();
  try {
    return `${await git("rev-parse", "HEAD")}${(await git("status", "--porcelain")) ? "+" : ""}`;
  } catch {
    return undefined;
  }
}

async function describeRun(): Promise<About> {
  const { dependencies } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const commit = await commitOf();
  return {
    ...(commit && { commit }),
    ...{ machine: `${cpus().length} × ${cpus()[0]?.model}`, cores: cpus().length, load: loadavg()[0] ?? 0 },
    ...{ node: process.version, versions: dependencies },
  };
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      check: { type: "boolean", default: false },
      part: { type: "string", multiple: true },
      out: { type: "string", default: join(folder, "results.json") },
      against: { type: "string" },
    },
  });
  const unknown = values.part?.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw new Error(`There is no part ${unknown}; take ${Object.keys(parts).join(", ")}.`);
  return values;
}

/** Paths count from where the user is: npm starts scripts in the project's folder. */
const atUser = (file: string) => resolve(process.env.INIT_CWD ?? ".", file);

/** Finds out before the measurements whether the results can be written. */
async function checkWritable(file: string): Promise<void> {
  await access(dirname(file), constants.W_OK).catch(({ code }: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be written (${code}): name a file in another folder by --out.`);
  });
}

main(async () => {
  const { help, check, part, out, against } = readOptions();
  if (help) return console.log(HELP);
  const file = atUser(out);
  await checkWritable(file);
  const earlier = against === undefined ? undefined : await readResults(atUser(against));
  const about = await describeRun();
  if (!(await install())) {
    process.exitCode = 1;
    return;
  }
  await ensurePackages();
  await ensurePages();
  console.log(`Node ${about.node}, ${about.machine}`);
  if (isBusy(about)) {
    console.log(`The machine is busy (load ${about.load.toFixed(1)}): spreads will be wide, and much is repeated.`);
  }
  const chosen = Object.fromEntries(Object.entries(parts).filter(([name]) => part?.includes(name) ?? true));
  const results = await runParts(chosen, { about, file, log: console });
  if (earlier) {
    console.log(`\nAgainst ${against}, of ${earlier.date}`);
    printComparison(compare(earlier, results), console);
  }
  judge(results, check, console);
});
