import { rmSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { stringify } from "yaml";
import { paths } from "../../../scripts/paths.ts";
import { outputOf } from "../children.ts";
import { byTurns, type Part, row } from "../measure.ts";
import { folder } from "../peers.ts";
import { undoAtExit } from "../undo.ts";
import type { BuildTimes } from "./one-build.ts";

const ROUNDS = 3;

/** How often a process builds a document of 1, 10 and 100 times the size. The last takes a third of a minute each time. */
const BUILDS = { 1: 2, 10: 2, 100: 1 };

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

/** The rows of a document's builds: each step, first in a process and again. */
const rowsOf = (factor: string, rounds: BuildTimes[]) =>
  Object.entries(rounds[0] ?? {}).flatMap(([step, { length }]) =>
    ["first", "again"].slice(0, length).map((which, time) =>
      row(
        `${step}, ${factor} × the document, ${which}`,
        "imcloud",
        "s of CPU",
        rounds.map((round) => round[step]?.[time] ?? Number.NaN),
      ),
    ),
  );

/** The CPU time of each build step, first and again in a process, for documents of 1, 10 and 100 times the size. */
export async function builds(): Promise<Part> {
  const document: Document = JSON.parse(await readFile(join(paths.spec, "openapi.json"), "utf8"));
  const made = await mkdtemp(join(tmpdir(), "imcloud-bench-"));
  const noteRemoved = undoAtExit(() => rmSync(made, { recursive: true, force: true }));
  const sourceOf = (factor: string) => join(made, `${factor}.yaml`);
  try {
    for (const factor of Object.keys(BUILDS)) {
      await writeFile(
        sourceOf(factor),
        stringify(enlarged(document, Number(factor)), { aliasDuplicateObjects: false }),
      );
    }
    const build = async (factor: string): Promise<BuildTimes> => {
      const times = BUILDS[factor as unknown as keyof typeof BUILDS];
      const args = [join(folder, "parts/one-build.ts"), sourceOf(factor), join(made, factor), String(times)];
      return JSON.parse(await outputOf(["--no-warnings", ...args]));
    };
    const found = await byTurns(Object.keys(BUILDS), ROUNDS, build);
    return { rows: [...found].flatMap(([factor, rounds]) => rowsOf(factor, rounds)), budgets: [] };
  } finally {
    await rm(made, { recursive: true, force: true });
    noteRemoved();
  }
}
