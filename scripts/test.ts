import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, ensurePackages } from "./build.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";
import { endOf } from "./signals.ts";

/** Whether the arguments choose the unit tests alone, which need no declarations. */
const isUnit = (args: string[]): boolean =>
  args.some((arg, index) => arg === "--project=unit" || (arg === "--project" && args[index + 1] === "unit"));

/**
 * Without arguments: builds and checks everything, then runs all tests. With arguments, which go to vitest: runs the chosen tests,
 * and builds only what these need and what has changed.
 */
main(async () => {
  const chosen = process.argv.slice(2);
  if (chosen.length) {
    await ensurePackages({ declarations: !isUnit(chosen) });
  } else {
    // Imported late, as it takes half a second to load.
    const { lint } = await import("./lint.ts");
    await build();
    await lint();
  }
  const tests = spawn(process.execPath, [join(paths.root, "test/run.ts"), ...chosen], {
    cwd: paths.root,
    stdio: "inherit",
  });
  process.exitCode = (await endOf(tests)).code;
});
