import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { parse } from "yaml";
import { type AcceptedPackage, advisoriesIn, noReport, openAdvisories } from "./advisories.ts";
import { main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";

/** Asks the registry for known vulnerabilities of installed packages. Fails for each that `.github/accepted-advisories.yaml` does not accept. */
main(async () => {
  takeNoArguments();
  const accepted: AcceptedPackage[] = parse(readFileSync(join(paths.root, ".github/accepted-advisories.yaml"), "utf8"));
  const pnpm = packageFile("pnpm", "bin/pnpm.mjs", paths.tests);
  const run = spawnSync(process.execPath, [pnpm, "audit", "--json"], {
    cwd: paths.root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  let report: unknown;
  try {
    report = JSON.parse(run.stdout);
  } catch (cause) {
    throw new Error(noReport(run.stderr || run.stdout), { cause });
  }
  const advisories = advisoriesIn(report);
  const open = openAdvisories(advisories, accepted, new Date().toISOString().slice(0, 10));
  console.log(`${advisories.length} advisories, ${open.length} of them not accepted.`);
  for (const { severity, id, package: name, versions, title } of open) {
    console.error(`${severity}: ${name} ${versions.join(", ")}: ${title} (${id})`);
  }
  if (open.length) process.exitCode = 1;
});
