import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { licensesOf } from "@imcloud/openapi-tools/licenses";
import { build } from "esbuild";
import { DEFAULT_MOCK_URL, mockScript } from "../src/mock-script.ts";
import { paths } from "./paths.ts";

/** The folders of the installed packages that some files are of. */
function packagesIn(files: string[]): string[] {
  const folders = files.flatMap((file) => file.match(/^.*\/node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * Writes what consoles load on demand: where the mock is, and the mock itself as a sandbox. Both are plain scripts, as a page opened
 * from a folder loads no modules. `console/sandbox.js` gives `imcloudSandbox.createSandbox`.
 */
export async function console(output: string): Promise<void> {
  const folder = join(output, "console");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "mock.js"), mockScript(DEFAULT_MOCK_URL, false));
  const { metafile } = await build({
    stdin: { contents: 'export { createSandbox } from "@imcloud/mock/sandbox";', resolveDir: paths.package },
    outfile: join(folder, "sandbox.js"),
    bundle: true,
    format: "iife",
    globalName: "imcloudSandbox",
    minify: true,
    platform: "browser",
    metafile: true,
    // It warns of imports that are left out as they have no side effects, which is what is wanted.
    logLevel: "error",
  });
  await licensesOf(packagesIn(Object.keys(metafile.inputs)), join(folder, "third-party-licenses.txt"));
}
