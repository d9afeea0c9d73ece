import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { main } from "./log.ts";
import { pageOf, publicPackages, rootManifest } from "./manifests.ts";
import { paths } from "./paths.ts";
import { endOf, exitCodeOf } from "./signals.ts";
import { optionsOf } from "./tasks.mjs";

/** A command and its arguments. */
type Line = readonly [command: string, ...args: string[]];

/** A step of a release. */
interface Step {
  what: string;
  lines: readonly Line[];
  /** What a dry run does instead: nothing leaves this machine, and no committed file changes. */
  dryRun: readonly Line[];
}

const script = (file: string, ...args: string[]): Line => [
  process.execPath,
  "--no-warnings",
  join(paths.root, file),
  ...args,
];
const changeset = (...args: string[]): Line => [
  process.execPath,
  packageFile("@changesets/cli", "bin.js", paths.tests),
  ...args,
];

/**
 * The steps of a release, in order.
 * @param version the mock's version
 * @param page the URL of the repository's page
 */
function stepsOf(version: string, page: string): Record<string, Step> {
  // The image goes into the forge's own registry, under the repository's name.
  const image = `ghcr.io${new URL(page).pathname}-mock`.toLowerCase();
  const build: Line = ["docker", "build", "--file", "packages/mock/Dockerfile", "--tag", `${image}:${version}`, "."];
  return {
    versions: {
      what: "Raise the versions by the changesets, and freeze the document and its tests",
      lines: [changeset("version"), script("scripts/manifests.ts"), script("scripts/freeze-release.ts")],
      dryRun: [script("scripts/show-versions.ts")],
    },
    tests: {
      what: "Build, check and test everything",
      lines: [script("scripts/test.ts")],
      dryRun: [script("scripts/test.ts")],
    },
    start: {
      what: "Run npm start in a fresh clone, with empty caches",
      lines: [script("test/scripts/fresh-start.ts")],
      dryRun: [script("test/scripts/fresh-start.ts")],
    },
    check: {
      what: "Install every package as users do, from a registry on the loopback",
      lines: [script("test/release/check.ts")],
      dryRun: [script("test/release/check.ts")],
    },
    sbom: {
      what: "Write a bill of materials for each package",
      lines: [script("scripts/sbom.ts")],
      dryRun: [script("scripts/sbom.ts")],
    },
    publish: {
      what: "Publish what is not in the registry yet, with proof of where it comes from, and tag it",
      lines: [changeset("publish")],
      // Publishes to a registry that is removed afterwards.
      dryRun: [script("test/release/check.ts", "--part", "sizes")],
    },
    site: {
      what: "Build the site for its address; the workflow hands it to the host",
      lines: [script("scripts/build.ts")],
      dryRun: [script("scripts/build.ts")],
    },
    image: {
      what: `Build the mock's container image, and push it as ${image}:${version}`,
      lines: [build, ["docker", "push", `${image}:${version}`]],
      dryRun: [build],
    },
  };
}

/** A command as it would be typed in the repository's root. */
const shown = ([command, ...args]: Line): string =>
  [command, ...args]
    .map((word) => word.replace(process.execPath, "node").replace(paths.root, ""))
    .filter((word) => word !== "--no-warnings")
    .join(" ");

/** @throws {@link Error} when the command fails */
async function run(line: Line): Promise<void> {
  const [command, ...args] = line;
  console.log(`$ ${shown(line)}`);
  const child = spawn(command, args, { cwd: paths.root, stdio: "inherit" });
  const { code, signal } = await endOf(child);
  if (signal) process.exit(exitCodeOf(signal));
  if (code !== 0) throw new Error(`${shown(line)} failed.`);
}

/** Whether this machine can build container images. */
async function hasDocker(): Promise<boolean> {
  const child = spawn("docker", ["version"], { stdio: "ignore" });
  return Promise.race([once(child, "exit").then(([code]) => code === 0), once(child, "error").then(() => false)]);
}

/**
 * Refuses to publish while the repository in package.json is not the one that this runs in.
 * @throws {@link Error} with what the owner has to do first
 */
function checkOwner(page: string): void {
  const forge = process.env.GITHUB_REPOSITORY && `${process.env.GITHUB_SERVER_URL}/${process.env.GITHUB_REPOSITORY}`;
  if (forge === page) return;
  throw new Error(
    `package.json says that the repository is ${page}, and this runs ${forge ? `in ${forge}` : "on no forge"}. ` +
      'Nothing was published. See "Before the first release" in CONTRIBUTING.md.',
  );
}

/** Runs the steps of a release. `--dry-run` tries them without publishing; `--step` chooses some. */
main(async () => {
  const values = optionsOf("release");
  const isDry = values["dry-run"] ?? false;
  const mock = (await publicPackages()).find(({ folder }) => folder === "mock");
  const page = pageOf(await rootManifest());
  const steps = stepsOf(String(mock?.manifest.version), page);
  const chosen = values.step ?? Object.keys(steps);
  const unknown = chosen.find((name) => !Object.hasOwn(steps, name));
  if (unknown) throw new Error(`There is no step ${unknown}; take ${Object.keys(steps).join(", ")}.`);
  if (!isDry && chosen.some((name) => name === "publish" || name === "image")) checkOwner(page);
  for (const [name, { what, lines, dryRun }] of Object.entries(steps)) {
    if (!chosen.includes(name)) continue;
    console.log(`\n${name}: ${what}`);
    if (isDry)
      for (const line of lines.filter((line) => !dryRun.some((each) => shown(each) === shown(line))))
        console.log(`  not run: ${shown(line)}`);
    if (isDry && name === "image" && !(await hasDocker())) {
      console.log(`  not run, as there is no Docker here: ${dryRun.map(shown).join("; ")}`);
      continue;
    }
    for (const line of isDry ? dryRun : lines) await run(line);
  }
  if (isDry) console.log("\nNothing was published.");
});
