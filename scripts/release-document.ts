import { constants, copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "./build.ts";
import type { Document } from "./document.ts";
import { paths } from "./paths.ts";
import { main } from "./step.ts";

/** Keeps the document as a release that later ones are held against. A release is never changed. */
main(async () => {
  await build();
  const { info }: Document = JSON.parse(await readFile(join(paths.spec, "openapi.json"), "utf8"));
  const file = join(paths.releases, `${info.version}.yaml`);
  try {
    await copyFile(join(paths.spec, "openapi.yaml"), file, constants.COPYFILE_EXCL);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new Error(`${info.version} is released already. Raise info.version in openapi/openapi.yaml.`, { cause });
  }
  console.log(`Kept as ${file}. Commit it.`);
});
