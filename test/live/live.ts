import { spawn } from "node:child_process";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { settings } from "@imcloud/openapi-tools/samples";
import { main, takeNoArguments } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { endOf } from "../../scripts/signals.ts";

const { token: _token, subscriptionKey, ...needed } = settings;

/** Runs the read-only contract tests against a real installation, and prints its differences from the document. */
main(async () => {
  takeNoArguments();
  const missing = Object.values(needed).filter((name) => !process.env[name]);
  if (missing.length) {
    console.error(
      `Set ${missing.join(", ")}, and ${subscriptionKey} where a gateway stands in front, to run against a real installation. It reads only, about 50 calls at most 60 a minute.`,
    );
    process.exitCode = 2;
    return;
  }
  const args = ["run", "--config", "test/live/vitest.config.ts", "--root", paths.root];
  const vitest = spawn(process.execPath, [packageFile("vitest", "vitest.mjs"), ...args], {
    cwd: paths.root,
    stdio: "inherit",
  });
  process.exitCode = (await endOf(vitest)).code;
});
