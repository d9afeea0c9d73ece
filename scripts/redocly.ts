import { createRequire } from "node:module";

const cli = createRequire(import.meta.url).resolve("@redocly/cli/package.json").replace("package.json", "bin/cli.js");

/** The command line that runs redocly on the Node that runs this script. */
export const redoclyCommand = (args: string[]) => ({ command: process.execPath, args: [cli, ...args] });

/** Redocly neither reports home nor looks for a newer version of itself. */
export const redoclyEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
});
