import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { resources } from "../../../packages/client/generate/resources.ts";
import { bundle } from "../../../packages/spec/generate/bundle.ts";
import { downConvert } from "../../../packages/spec/generate/down-convert.ts";
import { types } from "../../../packages/spec/generate/types.ts";

/** CPU seconds of each build step, by its name: first in the process, and again where it is asked for. */
export type BuildTimes = Record<string, number[]>;

// The arguments: the document's file, a folder for what is built, and how often to build.
const [source = "", out = "", times = "1"] = process.argv.slice(2);

const steps: Record<string, () => Promise<unknown>> = {
  bundle: () => bundle(source, out),
  "3.0": () => downConvert(out),
  types: () => types(out),
  resources: () => resources(out, join(out, "resources.ts")),
};

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

await mkdir(out, { recursive: true });
const found: BuildTimes = {};
for (let time = 0; time < Number(times); time++) {
  for (const [name, step] of Object.entries(steps)) found[name] = [...(found[name] ?? []), await cpuOf(step)];
}
console.log(JSON.stringify(found));
