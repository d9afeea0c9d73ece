import { fileURLToPath } from "node:url";
import { exec, packageFile } from "./exec.ts";

const cli = packageFile("@redocly/cli", "bin/cli.js", fileURLToPath(new URL("..", import.meta.url)));

/** The command that runs redocly on the current Node. */
export const redoclyCommand = (args: string[]) => ({ command: process.execPath, args: [cli, ...args] });

/** An environment that disables Redocly's telemetry and update check. */
export const redoclyEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
});

/**
 * Runs redocly.
 * @throws {@link Error} with redocly's output, when it finds an error
 */
export const redocly = (...args: string[]): Promise<void> =>
  exec(`redocly ${args[0]}`, cli, args, { env: redoclyEnvironment() });
