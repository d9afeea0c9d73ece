import type { ImcloudClient } from "@imcloud/client";

/** The global options. */
export interface GlobalOptions {
  profile?: string;
  mock?: boolean;
  json?: boolean;
  ndjson?: boolean;
  csv?: boolean;
  columns?: string;
  verbose?: boolean;
  dryRun?: boolean;
}

/** The surroundings of a command, which tests replace. */
export interface Shell {
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Aborts on Ctrl-C. */
  signal: AbortSignal;
  /** Milliseconds without a response after which a command says that it waits. @defaultValue it never says so */
  patience?: number | undefined;
  /** The folder of the config file. */
  configFolder: string;
  /** Writes in progress, which are named when the command is interrupted. */
  writes: Set<string>;
  /** Called at the end of the command, for example to close a sandbox. */
  atEnd: (() => void)[];
}

/** What an action needs. */
export interface Context {
  shell: Shell;
  options: GlobalOptions;
  /** Makes the client of the profile, the environment or the sandbox. */
  connect(): Promise<ImcloudClient>;
}
