import { writeFile } from "node:fs/promises";
import type { Reporter, TestModule } from "vitest/node";

/** The result of a test run. */
export interface Summary {
  passed: number;
  failed: number;
  /** The number of skipped tests by reason. */
  skipped: Record<string, number>;
  /** The names of all tests by their file. */
  names: Record<string, string[]>;
  /** The names of tests that were skipped without a reason. */
  withoutReason: string[];
  /** Whether the run had errors outside of tests, for example a file that does not load. */
  hasErrors: boolean;
}

/** The summary's part about skipped tests, such as `, 37 skipped (37: no pwsh on this machine)`; empty without any. */
export function skippedIn({ skipped, withoutReason }: Summary): string {
  const counts = Object.entries({
    ...skipped,
    ...(withoutReason.length && { "left out": withoutReason.length }),
  });
  if (!counts.length) return "";
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return `, ${all} skipped (${counts.map(([reason, count]) => `${count}: ${reason}`).join("; ")})`;
}

function summarize(modules: readonly TestModule[], hasErrors: boolean): Summary {
  const summary: Summary = { passed: 0, failed: 0, skipped: {}, names: {}, withoutReason: [], hasErrors };
  for (const module of modules) {
    if (module.errors().length) summary.hasErrors = true;
    const tests = [...module.children.allTests()];
    summary.names[module.relativeModuleId] = tests.map(({ fullName }) => fullName);
    for (const test of tests) {
      const result = test.result();
      if (result.state === "passed") summary.passed += 1;
      if (result.state === "failed") summary.failed += 1;
      if (result.state !== "skipped") continue;
      if (result.note) summary.skipped[result.note] = (summary.skipped[result.note] ?? 0) + 1;
      else summary.withoutReason.push(`${module.relativeModuleId}: ${test.fullName}`);
    }
    for (const suite of module.children.allSuites()) if (suite.errors().length) summary.hasErrors = true;
  }
  return summary;
}

/** Writes a {@link Summary} to the file that `IMCLOUD_SUMMARY` names. */
export default class SummaryReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): Promise<void> {
    const file = process.env.IMCLOUD_SUMMARY;
    if (file) await writeFile(file, JSON.stringify(summarize(modules, errors.length > 0)));
  }
}
