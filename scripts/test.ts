import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "./build.ts";
import { lint } from "./lint.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";

/** Builds and checks everything, then runs the tests. Arguments choose some of them, as vitest takes them. */
main(async () => {
  await build();
  await lint();
  const args = [join(paths.root, "test/run.ts"), ...process.argv.slice(2)];
  const tests = spawn(process.execPath, args, { cwd: paths.root, stdio: "inherit" });
  [process.exitCode] = await once(tests, "exit");
});
