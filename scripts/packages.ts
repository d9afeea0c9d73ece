import { packageFile, runTool } from "./tool.ts";

/** Builds a package to its `dist` as its own tsup.config.ts says. */
export const buildPackage = (folder: string): Promise<void> =>
  runTool(`tsup in ${folder}`, packageFile("tsup", "dist/cli-default.js"), [], { cwd: folder });
