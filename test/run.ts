import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { main } from "../scripts/log.ts";
import { paths } from "../scripts/paths.ts";
import { endOf, exitCodeOf } from "../scripts/signals.ts";
import { readCoverage, reportCoverage } from "./coverage/report.ts";
import { secretsIn } from "./security/secrets.ts";
import { type Summary, skippedIn } from "./summary.ts";

/** Forwards a stream, and returns all of it at its end. */
async function copy(from: Readable, to: Writable): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of from) {
    to.write(piece);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** What no test covers of the document. A run of some tests has no gaps. */
async function gapsIn(folder: string, isWhole: boolean): Promise<string[]> {
  if (!isWhole) return [];
  const document = JSON.parse(await readFile(join(paths.spec, "openapi.json"), "utf8"));
  return reportCoverage(await readCoverage(document, folder), paths.coverage);
}

/** Vitest prints the name of a passed test only where it was slow, so that the output alone would show a secret in it on some days. */
async function secretsInNames({ names }: Summary): Promise<string[]> {
  const found = Object.entries(names).map(([file, all]) => secretsIn(`names of the tests in ${file}`, all.join("\n")));
  return (await Promise.all(found)).flat();
}

/** Runs the tests, and prints a summary line. Arguments go to vitest. */
async function runTests(args: string[]): Promise<void> {
  const isWhole = args.length === 0;
  const folder = await mkdtemp(join(tmpdir(), "imcloud-test-"));
  const file = join(folder, "summary.json");
  const coverage = join(folder, "coverage");
  await mkdir(coverage);
  try {
    const vitest = spawn(
      process.execPath,
      [
        packageFile("vitest", "vitest.mjs"),
        "run",
        "--reporter=default",
        `--reporter=${fileURLToPath(import.meta.resolve("./summary.ts"))}`,
        ...args,
      ],
      {
        cwd: paths.root,
        stdio: ["inherit", "pipe", "pipe"],
        env: {
          ...process.env,
          IMCLOUD_COVERAGE: coverage,
          IMCLOUD_SUMMARY: file,
          ...(process.stdout.isTTY && { FORCE_COLOR: "1" }),
        },
      },
    );
    const output = [copy(vitest.stdout, process.stdout), copy(vitest.stderr, process.stderr)];
    const { code, signal } = await endOf(vitest);
    if (signal) {
      process.exitCode = exitCodeOf(signal);
      return;
    }
    const summary: Summary = JSON.parse(await readFile(file, "utf8"));
    const leaks = [
      ...(await secretsIn("output of the tests", (await Promise.all(output)).join("\n"))),
      ...(await secretsInNames(summary)),
    ];
    for (const leak of leaks) console.error(`A secret: ${leak}`);
    const gaps = await gapsIn(coverage, isWhole);
    for (const gap of gaps) console.error(gap);
    const { passed, hasErrors } = summary;
    // A filter by name skips all other tests.
    const unexplained = isWhole ? summary.withoutReason : [];
    for (const name of unexplained) console.error(`Skipped without a reason: ${name}`);
    const failed =
      leaks.length + gaps.length + unexplained.length + (hasErrors ? Math.max(1, summary.failed) : summary.failed);
    console.log(`${passed} passed, ${failed} failed${skippedIn(summary)}`);
    process.exitCode = code === 0 && !failed ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main(() => runTests(process.argv.slice(2)));
