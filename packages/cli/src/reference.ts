import { Readable, Writable } from "node:stream";
import type { Command } from "commander";
import type { Shell } from "./context.ts";
import type { Example } from "./example.ts";
import { examples } from "./examples.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { run } from "./run.ts";

export type { Example } from "./example.ts";
export { examples } from "./examples.ts";
export { exitCodes } from "./exit-codes.ts";

/** What a command line did. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** How to run a command line in this process. */
export interface RunOptions {
  input?: string | undefined;
  env?: Shell["env"];
  /** Columns of the terminal; without it the output goes to a pipe. */
  columns?: number;
  configFolder?: string;
  signal?: AbortSignal;
  /** Told of what it prints, as it does. */
  onOutput?: (text: string) => void;
}

/** A stream that keeps what is written to it. */
function keeper(columns?: number, onOutput: (text: string) => void = () => {}) {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      onOutput(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, columns ? { isTTY: true, columns } : {}), text: () => text };
}

/** Runs a command line in this process, and gives what it printed. */
export async function runInProcess(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { input = "", env = {}, columns, configFolder = "/nowhere", signal, onOutput } = options;
  const stdout = keeper(columns, onOutput);
  const stderr = keeper();
  const code = await run(words, {
    env,
    stdin: Readable.from([input]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: signal ?? new AbortController().signal,
    configFolder,
    atEnd: [],
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** Runs an example against the sandbox. */
export const runExample = ({ words, input }: Example): Promise<Ran> =>
  runInProcess(["--mock", ...words], { input: input && JSON.stringify(input), columns: 96, env: { NO_COLOR: "1" } });

const quoted = (word: string) => (/^[\w./:,=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** An example as somebody types it. */
export function exampleLine({ words, input }: Example): string {
  const line = `imcloud --mock ${words.map(quoted).join(" ")}`;
  return input ? `${line} <<'END'\n${JSON.stringify(input, null, 2)}\nEND` : line;
}

/** Lines of an output that the reference shows. */
const SHOWN = 14;

async function shown(example: Example): Promise<string> {
  const { code, stdout, stderr } = await runExample(example);
  if (code !== exitCodes.ok) throw new Error(`imcloud ${example.words.join(" ")} ended with ${code}: ${stderr}`);
  const lines = stdout.trimEnd().split("\n");
  const rest = lines.length > SHOWN ? [`… ${lines.length - SHOWN} more lines`] : [];
  const text = [...lines.slice(0, SHOWN), ...rest].map((line) => (line.length > 110 ? `${line.slice(0, 109)}…` : line));
  return ["```sh no-run", exampleLine(example), "```", "", "```text", ...text, "```"].join("\n");
}

const escaped = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

function optionsTable(command: Command): string[] {
  const options = command.options.filter(({ hidden }) => !hidden);
  if (options.length === 0) return [];
  const rows = options.map(
    ({ flags, description }) => `| \`${flags.replaceAll("|", "\\|")}\` | ${escaped(description)} |`,
  );
  return ["| option | what |", "| --- | --- |", ...rows, ""];
}

const usage = (command: Command, parents: string): string =>
  [parents, command.name(), command.usage().replace("[options] ", "").replace("[options]", "")].join(" ").trim();

/** The words of an example that name its command. */
const isOf = (example: Example, resource: string, name: string) =>
  example.words[0] === resource && example.words[1] === name;

/** The reference of every command in Markdown: its options, and an example that was run against the sandbox. */
export async function referenceMarkdown(): Promise<string> {
  const program = createProgram({} as Shell);
  const all = [...examples.operations, ...examples.jobs];
  const parts = ["## Options of every command", "", ...optionsTable(program), "## Forms of output", ""];
  for (const example of examples.forms) parts.push(await shown(example), "");
  for (const resource of program.commands) {
    if (resource.commands.length === 0) continue;
    parts.push(`## ${resource.name()}`, "");
    for (const command of resource.commands) {
      parts.push(`### ${resource.name()} ${command.name()}`, "", `${command.description() || command.summary()}.`, "");
      parts.push(`\`${usage(command, `imcloud ${resource.name()}`)}\``, "", ...optionsTable(command));
      for (const example of all.filter((each) => isOf(each, resource.name(), command.name()))) {
        parts.push(await shown(example), "");
      }
    }
  }
  parts.push("## Tables, settings and servers", "");
  for (const command of program.commands) {
    if (command.commands.length > 0 || command.name() === "help") continue;
    parts.push(`### ${command.name()}`, "", `${(command.description() || command.summary()).replace(/\.$/, "")}.`, "");
    parts.push(`\`${usage(command, "imcloud")}\``, "", ...optionsTable(command));
    for (const example of all.filter(({ words }) => words[0] === command.name())) parts.push(await shown(example), "");
  }
  return parts.join("\n");
}
