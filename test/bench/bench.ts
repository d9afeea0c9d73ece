import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { ensurePackages, ensurePages } from "../../scripts/build.ts";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { type Budget, isSteady, type Part, type Row } from "./measure.ts";

const folder = import.meta.dirname;

const parts: Record<string, () => Promise<Part>> = {
  calls: async () => (await import("./parts/calls.ts")).calls(),
  sizes: async () => (await import("./parts/sizes.ts")).sizes(),
  "client-size": async () => (await import("./parts/client-size.ts")).clientSizes(),
  types: async () => (await import("./parts/types.ts")).types(),
  mocks: async () => (await import("./parts/mocks.ts")).mocks(),
  "first-response": async () => (await import("./parts/first-response.ts")).firstResponse(),
  docs: async () => (await import("./parts/docs.ts")).docs(),
  command: async () => (await import("./parts/command.ts")).command(),
  builds: async () => (await import("./parts/builds.ts")).builds(),
  "dev-loop": async () => (await import("./parts/dev-loop.ts")).devLoop(),
  nights: async () => (await import("./parts/nights.ts")).nights(),
  quota: async () => (await import("./parts/quota.ts")).quota(),
};

/** Installs the compared packages: they are a workspace of their own, which a normal install leaves out. */
async function install(): Promise<void> {
  if (existsSync(join(folder, "node_modules"))) return;
  console.log("Installing the compared packages.");
  const { version } = JSON.parse(await readFile(packageFile("pnpm", "package.json", paths.tests), "utf8"));
  const args = ["--yes", `pnpm@${version}`, "install", "--frozen-lockfile"];
  await promisify(execFile)("npx", args, { cwd: folder });
}

const figure = (value: number) => (value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3));

function show(rows: Row[]): void {
  console.table(
    rows.map(({ what, who, unit, median, low, high, rounds }) => ({
      ...{ what, who, median: `${figure(median)} ${unit}`.trim(), rounds },
      spread: low === high ? "" : `${figure(low)} to ${figure(high)} (${Math.round(((high - low) / median) * 100)} %)`,
    })),
  );
}

const isKept = ({ ratio, limit, is }: Budget) => (is === "at most" ? ratio <= limit : ratio >= limit);

main(async () => {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, part: { type: "string", multiple: true } } });
  const unknown = values.part?.find((name) => !(name in parts));
  if (unknown) throw new Error(`There is no part ${unknown}; take ${Object.keys(parts).join(", ")}.`);
  await ensurePackages();
  await ensurePages();
  await install();
  const machine = `${cpus().length} × ${cpus()[0]?.model}`;
  console.log(`Node ${process.version}, ${machine}`);
  const rows: Row[] = [];
  const budgets: Budget[] = [];
  const failed: string[] = [];
  for (const name of values.part ?? Object.keys(parts)) {
    console.log(`\n${name}`);
    const found = await parts[name]?.().catch((error: Error) => {
      // Measure the other parts nevertheless: a whole run takes a quarter of an hour.
      console.error(error.stack);
      failed.push(name);
    });
    show(found?.rows ?? []);
    rows.push(...(found?.rows ?? []));
    budgets.push(...(found?.budgets ?? []));
  }
  console.log("\nBudgets");
  console.table(
    budgets.map(({ spread, ...budget }) => ({
      ...{ ...budget, ratio: figure(budget.ratio) },
      spread: spread ? `${figure(spread.low)} to ${figure(spread.high)}` : "",
      steady: isSteady({ ...budget, ...(spread && { spread }) }) ? "yes" : "NO",
      kept: isKept(budget) ? "yes" : "NO",
    })),
  );
  const { dependencies } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const date = new Date().toISOString();
  const file = join(folder, "results.json");
  await writeFile(
    file,
    `${JSON.stringify({ date, machine, node: process.version, versions: dependencies, rows, budgets }, null, 2)}\n`,
  );
  console.log(`Written to ${file}.`);
  if (failed.length) throw new Error(`Not measured, as the errors above say: ${failed.join(", ")}.`);
  if (values.check && !budgets.every(isKept)) throw new Error("A budget is not kept.");
});
