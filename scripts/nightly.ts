import { spawn } from "node:child_process";
import { join } from "node:path";
import { main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";
import { endOf, exitCodeOf } from "./signals.ts";

/** What runs every night and before a release: in full what `npm test` samples, and other people's tools. */
export const runs: Record<string, string[]> = {
  "Every check and test, properties fifty times as often": ["scripts/test.ts"],
  "Requests and responses against stock Prism": ["test/contract/prism/full.ts"],
  "Writes of anything, and reads of everything": ["test/sandbox/many-writes.ts"],
  "Syncs of whole marketplaces, ended at every call": ["--no-warnings", "test/sync/night.ts"],
  "Limits of many processes, and orders through ends of processes": ["--no-warnings", "test/stores/night.ts"],
  "An hour of hostile requests and responses": ["test/security/fuzz/all.ts", "--minutes=30"],
  "What the guide shows for Playwright, Cypress and Storybook": ["test/mock/frontend-tools.ts"],
  "npm start in a fresh clone, with empty caches": ["test/scripts/fresh-start.ts"],
  "Changes of everything in npm run dev, until they are served": [
    "--no-warnings",
    "test/bench/bench.ts",
    "--part=dev-loop",
  ],
  "The steps of the mock's Dockerfile, in an empty folder": ["test/scripts/container-steps.ts"],
  "The docs by the public check of docs for agents": ["test/docs/agent-friendly.ts"],
  "Every package, installed as users install it": ["--no-warnings", "test/release/check.ts"],
  "Other people's tools on both forms of the document": ["--no-warnings", "test/generators/table.ts"],
};

async function runAll(): Promise<void> {
  takeNoArguments();
  const failed: string[] = [];
  for (const [what, args] of Object.entries(runs)) {
    console.log(`\n${what}`);
    const [file = "", ...rest] = args.map((arg) => (arg.startsWith("--") ? arg : join(paths.root, arg)));
    const env = { ...process.env, NIGHTLY: "1", PROPERTY_RUNS: "50" };
    const run = spawn(process.execPath, [file, ...rest], { cwd: paths.root, stdio: "inherit", env });
    const { code, signal } = await endOf(run);
    if (signal) process.exit(exitCodeOf(signal));
    if (code !== 0) failed.push(what);
  }
  for (const what of failed) console.error(`Failed: ${what}`);
  process.exitCode = failed.length ? 1 : 0;
}

if (import.meta.main) main(runAll);
