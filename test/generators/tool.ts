import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import type { CallResult, Connection } from "./calls/calls.ts";

/** A form of the document, given to a tool. */
export interface Form {
  /** `3.1` or `3.0`. */
  version: string;
  /** The document as a JSON file. */
  file: string;
}

/** The result of a tool for a form of the document. */
export interface Outcome {
  /** Compiler errors in the generated code and in the calls that use it; missing where nothing is compiled. */
  compilerErrors?: string[];
  /** The outcome of each call, by its name. */
  calls: Record<string, CallResult>;
}

/** A tool that reads OpenAPI documents. */
export interface Tool {
  name: string;
  /** Whether its values follow types only, so that patterns, formats and lengths are not checked. */
  isRandom?: boolean;
  /**
   * Runs the tool on a form of the document, and makes calls with the result.
   * @param folder an empty folder for the output
   * @param mock the mock, for tools that call a server
   * @throws {@link Error} when the tool refuses the document
   */
  run(form: Form, folder: string, mock: Connection): Promise<Outcome>;
}

/**
 * Runs a program on the current Node, and returns its output.
 * @throws {@link Error} with the whole output, when it fails
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

/** The path of a file in an installed package, exported or not. */
export const installed = (name: string, file: string) => packageFile(name, file, import.meta.dirname);
