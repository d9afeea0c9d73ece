import type { CommandSpec, FlagSpec } from "./command-table.ts";
import type { Shell } from "./context.ts";
import { CommandError } from "./exit-codes.ts";
import { readStandardInput, readText } from "./typed-files.ts";
import { day, decimal, time } from "./typed-values.ts";

/** Parses a typed value to the document's kind. */
export function parseValue({ flag, kind }: FlagSpec, text: string): string | number | boolean {
  if (kind === "text") return text;
  if (kind === "day") return day(`--${flag}`, text);
  if (kind === "time") return time(`--${flag}`, text);
  const number = kind === "number" ? decimal(text) : undefined;
  if (number !== undefined) return number;
  if (kind === "boolean" && (text === "true" || text === "false")) return text === "true";
  throw new CommandError(`--${flag} takes ${kind === "number" ? "a number" : "true or false"}; got "${text}".`);
}

/**
 * Reads JSON from a file, or from standard input for `-`.
 * @throws {@link CommandError} when the file is missing or holds no object
 */
export async function readJson(file: string, shell: Shell): Promise<Record<string, unknown>> {
  const name = file === "-" ? "Standard input" : file;
  const text = await (file === "-" ? readStandardInput(shell) : readText("The body", file));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${name} is not JSON: ${(cause as Error).message}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CommandError(`${name} has to hold an object, between { and }.`);
}

/** Refuses a step into a list that is neither an existing index nor the next one. */
function checkStep(target: object, step: string, path: string): void {
  if (!Array.isArray(target) || (/^\d+$/.test(step) && Number(step) <= target.length)) return;
  throw new CommandError(
    `--set ${path} is inside of a list with ${target.length} entries: ${step} is none of them, nor the next. Entries are numbered from 0, for example products.0.quantity=5.`,
  );
}

/** Sets a value at a path, such as `products.0.quantity`. Creates lists and objects on the way. */
function put(body: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== "");
  const last = steps.pop();
  if (last === undefined || [...steps, last].includes("__proto__")) {
    throw new CommandError(`--set takes <path>=<value>, for example products.0.quantity=5; got "${path}".`);
  }
  let target: Record<string, unknown> = body;
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1] ?? last;
    checkStep(target, step, path);
    if (typeof target[step] !== "object" || target[step] === null) target[step] = /^\d+$/.test(next) ? [] : {};
    target = target[step] as Record<string, unknown>;
  }
  checkStep(target, last, path);
  target[last] = value;
}

/** Parses JSON, or returns the text. */
function looseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The sources of a body. */
export interface BodyInput {
  /** A file, or `-`. */
  file: string | undefined;
  /** The values of flags, by the document's names. */
  flags: Readonly<Record<string, string>>;
  /** `<path>=<value>` pairs, in order. */
  set: readonly string[];
}

/** The body of a call: the file, overridden by flags and then by `--set`. */
export async function readBody(spec: CommandSpec, { file, flags, set }: BodyInput, shell: Shell): Promise<object> {
  const body = file === undefined ? {} : await readJson(file, shell);
  for (const flag of spec.body ?? []) {
    const text = flags[flag.name];
    if (text !== undefined) body[flag.name] = parseValue(flag, text);
  }
  for (const each of set) {
    const [, path, value] = /^([^=]+)=(.*)$/s.exec(each) ?? [];
    if (path === undefined || value === undefined) {
      throw new CommandError(`--set takes <path>=<value>, for example products.0.quantity=5; got "${each}".`);
    }
    put(body, path, looseValue(value));
  }
  return body;
}

/** The flags that gave members of a body, by the members' names. */
export type FlagNames = Readonly<Record<string, string>>;

/**
 * Validates a body against the document, before anything is sent.
 * @param flags by which a fault is named that is in what they gave
 * @throws {@link CommandError} that names the place of each error
 */
export async function checkBody(id: string, body: object, flags: FlagNames = {}): Promise<void> {
  const { describeFault, validateRequest } = await import("@imcloud/spec/validators");
  const faults = validateRequest(id as Parameters<typeof validateRequest>[0], { body }).filter(
    (fault) => fault.in === "body",
  );
  if (faults.length === 0) return;
  const lines = faults.map((fault) => {
    const [, member = ""] = fault.pointer.split("/");
    const isOfFlag = fault.pointer === `/${member}` && Object.hasOwn(flags, member);
    return `  ${isOfFlag ? `${flags[member]} ${fault.message}` : describeFault(fault, "Request")}`;
  });
  throw new CommandError(["The body is not as the document has it; nothing was sent.", ...new Set(lines)].join("\n"));
}
