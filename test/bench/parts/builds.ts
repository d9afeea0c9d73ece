import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { stringify } from "yaml";
import { resources } from "../../../packages/client/generate/resources.ts";
import { bundle } from "../../../packages/spec/generate/bundle.ts";
import { downConvert } from "../../../packages/spec/generate/down-convert.ts";
import { types } from "../../../packages/spec/generate/types.ts";
import { paths } from "../../../scripts/paths.ts";
import { type Part, row } from "../measure.ts";

const FACTORS = [1, 10, 100];

/** A document with the paths and schemas multiplied by a factor. Each copy has names of its own. */
function enlarged(document: Document, factor: number): Document {
  const copy = structuredClone(document);
  for (let index = 1; index < factor; index++) {
    const renamed = JSON.parse(
      JSON.stringify({ paths: document.paths, schemas: document.components?.schemas })
        .replaceAll("#/components/schemas/", `#/components/schemas/Copy${index}`)
        .replace(/"operationId":"(\w+?)_/g, (_, resource: string) => `"operationId":"${resource}${index}_`),
    );
    for (const [path, item] of Object.entries(renamed.paths))
      copy.paths[`/copy${index}${path}`] = item as Document["paths"][string];
    for (const [name, schema] of Object.entries(renamed.schemas)) {
      Object.assign(copy.components?.schemas ?? {}, { [`Copy${index}${name}`]: schema });
    }
  }
  return copy;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return (performance.now() - since) / 1000;
}

/** The time of each build step, first and repeated, for documents of 1, 10 and 100 times the size. */
export async function builds(): Promise<Part> {
  const document: Document = JSON.parse(await readFile(join(paths.spec, "openapi.json"), "utf8"));
  const rows: Part["rows"] = [];
  for (const factor of FACTORS) {
    const folder = await mkdtemp(join(tmpdir(), "imcloud-bench-"));
    try {
      const source = join(folder, "source.yaml");
      await writeFile(source, stringify(enlarged(document, factor), { aliasDuplicateObjects: false }));
      const out = join(folder, "out");
      await mkdir(out);
      const steps: Record<string, () => Promise<unknown>> = {
        bundle: () => bundle(source, out),
        "3.0": () => downConvert(out),
        types: () => types(out),
        resources: () => resources(out, join(out, "resources.ts")),
      };
      for (const [name, step] of Object.entries(steps)) {
        const cold = await timed(step);
        rows.push(row("builds", `${name}, ${factor} × the document, first`, "imcloud", "s", [cold]));
        const warm = factor === 100 ? [await timed(step)] : [await timed(step), await timed(step), await timed(step)];
        rows.push(row("builds", `${name}, ${factor} × the document, again`, "imcloud", "s", warm));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { rows, budgets: [] };
}
