import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startDocsServer } from "@imcloud/docs/server";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";

const AFDOCS = "afdocs@0.22.2";

/** The lowest score to accept, of 100. */
const MIN_SCORE = 97;

const execute = promisify(execFile);

/** Builds the docs, for publication at an address or for a folder. By a file, as its processes are started with the options of its own. */
async function build(address?: string): Promise<void> {
  const env = { ...process.env, ...(address ? { DOCS_ADDRESS: address } : {}) };
  await execute(process.execPath, [join(paths.root, "scripts/build.ts")], { cwd: paths.root, env });
}

interface Report {
  scoring?: { overall: number };
  results: { id: string; status: string; message: string }[];
}

/**
 * Parts of a page that its Markdown does not have: the texts of the console and samples, the menu, search, and the page's
 * actions.
 */
const NOT_TEXT =
  ".beside,.see,.errors,.page-actions,.site-header,dialog,.home-hero,.home-get-started,.home-use-cases,details > summary";

main(async () => {
  const docs = await startDocsServer({ folder: paths.docs, mockUrl: "http://127.0.0.1:9/marketplace", port: 0 });
  try {
    await build(docs.url);
    const args = [
      "check",
      docs.url,
      "--format",
      "json",
      "--score",
      "-q",
      "--url-path-pattern",
      "html",
      "--max-concurrency",
      "2",
    ];
    const run = execute("npx", ["--yes", AFDOCS, ...args, "--parity-exclusions", NOT_TEXT], { maxBuffer: 100_000_000 });
    // It exits with 1 when any check failed, whatever the score.
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    const { scoring, results }: Report = JSON.parse(stdout);
    for (const { id, status, message } of results)
      if (status !== "pass" && status !== "skip") console.log(`${status}: ${id}: ${message}`);
    console.log(`Score: ${scoring?.overall} of 100, at least ${MIN_SCORE}.`);
    if (!scoring || scoring.overall < MIN_SCORE) process.exitCode = 1;
  } finally {
    await docs.close();
    await build();
  }
});
