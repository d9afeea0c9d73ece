import { packageFile, runTool } from "./tool.ts";

const cli = packageFile("@redocly/cli", "bin/cli.js");

/** The command line that runs redocly on the Node that runs this script. */
export const redoclyCommand = (args: string[]) => ({ command: process.execPath, args: [cli, ...args] });

/** Redocly neither reports home nor looks for a newer version of itself. */
export const redoclyEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
});

/**
 * Runs redocly to its end.
 * @throws Error with what redocly printed, when it finds a fault
 */
export const redocly = (...words: string[]): Promise<void> =>
  runTool(`redocly ${words[0]}`, cli, words, { env: redoclyEnvironment() });
