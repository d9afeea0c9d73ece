import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startDocsServer } from "@imcloud/docs/server";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";

const AFDOCS = "afdocs@0.22.2";

/** The least score of the public check of docs for agents, of 100. */
const LEAST = 97;

const execute = promisify(execFile);

/** Builds the docs anew, as they are published at an address, or as they are built for a folder. */
async function build(address?: string): Promise<void> {
  const code = `import { docs } from "./packages/docs/generate/docs.ts"; await docs(${JSON.stringify(paths.spec)});`;
  const env = { ...process.env, ...(address ? { DOCS_ADDRESS: address } : {}) };
  await execute(process.execPath, ["--input-type=module-typescript", "--eval", code], { cwd: paths.root, env });
}

interface Report {
  scoring?: { overall: number };
  results: { id: string; status: string; message: string }[];
}

/**
 * What the console and the samples do has its own words on a page; what is read is the same in both. Beside it stand the menu, search and what can be
 * done with a page.
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
    // It ends with 1 when any of its checks failed, whatever the score.
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    const { scoring, results }: Report = JSON.parse(stdout);
    for (const { id, status, message } of results)
      if (status !== "pass" && status !== "skip") console.log(`${status}: ${id}: ${message}`);
    console.log(`Score: ${scoring?.overall} of 100, at least ${LEAST}.`);
    if (!scoring || scoring.overall < LEAST) process.exitCode = 1;
  } finally {
    await docs.close();
    await build();
  }
});
