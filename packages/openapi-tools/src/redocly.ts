import { fileURLToPath } from "node:url";
import { exec, packageFile } from "./exec.ts";

const cli = packageFile("@redocly/cli", "bin/cli.js", fileURLToPath(new URL("..", import.meta.url)));

/** The command line that runs redocly on the Node that runs this. */
export const redoclyCommand = (args: string[]) => ({ command: process.execPath, args: [cli, ...args] });

/** Redocly neither reports home nor looks for a newer version of itself. */
export const redoclyEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
});

/**
 * Runs redocly to its end.
 * @throws {@link Error} with what redocly printed, when it finds a fault
 */
export const redocly = (...args: string[]): Promise<void> =>
  exec(`redocly ${args[0]}`, cli, args, { env: redoclyEnvironment() });
