import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";
import { lint } from "./lint.ts";
import { paths } from "./paths.ts";
import { main } from "./step.ts";
import { packageFile } from "./tool.ts";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  success: boolean;
}

/** Runs every test and closes with a line that counts them. Words of the command line go to vitest. */
async function runTests(words: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-test-"));
  const file = join(folder, "report.json");
  try {
    const vitest = spawn(
      process.execPath,
      [
        packageFile("vitest", "vitest.mjs"),
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile=${file}`,
        ...words,
      ],
      { cwd: paths.root, stdio: "inherit" },
    );
    const [code] = await once(vitest, "exit");
    const report: Report = JSON.parse(await readFile(file, "utf8"));
    // A file that does not load fails the run without failing a test.
    const failed = report.success || report.numFailedTests ? report.numFailedTests : 1;
    const skipped = report.numPendingTests ? `, ${report.numPendingTests} skipped` : "";
    console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
    process.exitCode = code === 0 && !failed ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main(async () => {
  await build();
  await lint();
  await runTests(process.argv.slice(2));
});
