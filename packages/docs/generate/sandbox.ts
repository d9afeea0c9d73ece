import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { paths } from "./paths.ts";

/**
 * Writes the mock as a plain script that a page loads on demand, `console/sandbox.js`: a page opened from a folder loads no
 * modules. It gives `imcloudSandbox.createSandbox`.
 */
export async function sandbox(output: string): Promise<void> {
  await mkdir(join(output, "console"), { recursive: true });
  await build({
    stdin: { contents: 'export { createSandbox } from "@imcloud/mock/sandbox";', resolveDir: paths.package },
    outfile: join(output, "console/sandbox.js"),
    bundle: true,
    format: "iife",
    globalName: "imcloudSandbox",
    minify: true,
    platform: "browser",
    // That files without side effects are left out is what is wanted.
    logLevel: "error",
  });
}
