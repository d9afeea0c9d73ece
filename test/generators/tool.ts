import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import type { CallResult, Connection } from "./calls/calls.ts";

/** A form of the document as a tool gets it. */
export interface Form {
  /** `3.1` or `3.0`. */
  version: string;
  /** The document as a JSON file. */
  file: string;
}

/** What a tool made of a form of the document. */
export interface Outcome {
  /** Errors of the compiler in what was generated, and in calls that are made with it; none where nothing is compiled. */
  compilerErrors?: string[];
  /** What became of each call, by its name. */
  calls: Record<string, CallResult>;
}

/** A tool that reads OpenAPI documents. */
export interface Tool {
  name: string;
  /** It makes up values by their types alone, so that patterns, formats and lengths are not asked for. */
  isRandom?: boolean;
  /**
   * Gives the tool a form of the document, and makes calls with what comes of it.
   * @param folder an empty folder for what is generated
   * @param mock where the mock is, for tools that call a server
   * @throws {@link Error} when the tool refuses the document
   */
  run(form: Form, folder: string, mock: Connection): Promise<Outcome>;
}

/**
 * Runs a program on the Node that runs this one, and gives what it prints.
 * @throws {@link Error} with all that the program printed, when it fails
 */
export async function runNode(file: string, args: string[], cwd = import.meta.dirname): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], { cwd, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (failure) {
    const { stdout = "", stderr = "" } = failure as { stdout?: string; stderr?: string };
    throw new Error(`${stdout}${stderr}`.trim() || String(failure), { cause: failure });
  }
}

/** A file of a package that is installed here, whatever the package exports. */
export const installed = (name: string, file: string) => packageFile(name, file, import.meta.dirname);
