import { Readable, Writable } from "node:stream";
import type { Command } from "commander";
import type { Example } from "./command-table.ts";
import type { Shell } from "./context.ts";
import { examples } from "./examples.ts";
import { exitCodes } from "./exit-codes.ts";
import { commands as ofOperations } from "./generated/commands.ts";
import { createProgram } from "./program.ts";
import { run } from "./run.ts";

export type { Example } from "./command-table.ts";
export { examples } from "./examples.ts";
export { exitCodes } from "./exit-codes.ts";

/** The result of a command line. */
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
  /** As of the shell. @defaultValue it never says that it waits, however busy the machine is */
  patience?: number;
  /** Called with the output. */
  onOutput?: (text: string) => void;
}

/** A stream that collects its text. */
function collector(columns?: number, onOutput: (text: string) => void = () => {}) {
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

/** Runs a command line in this process, and returns its output. */
export async function runInProcess(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { input = "", env = {}, columns, configFolder = "/nowhere", signal, patience, onOutput } = options;
  const stdout = collector(columns, onOutput);
  const stderr = collector();
  const code = await run(words, {
    env,
    stdin: Readable.from([input]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: signal ?? new AbortController().signal,
    configFolder,
    patience,
    atEnd: [],
    writes: new Set(),
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** Runs an example against the sandbox. */
export const runExample = ({ words, input }: Example): Promise<Ran> =>
  runInProcess(["--mock", ...words], { input: input && JSON.stringify(input), columns: 96, env: { NO_COLOR: "1" } });

const quoted = (word: string) => (/^[\w./:,=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** An example as it is typed. */
export function exampleLine({ words, input }: Example): string {
  const line = `imcloud --mock ${words.map(quoted).join(" ")}`;
  return input ? `${line} <<'END'\n${JSON.stringify(input, null, 2)}\nEND` : line;
}

/** The most lines of output in the reference. */
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

/** A page of the reference in Markdown. */
export interface ReferencePage {
  /** The resource of its commands; `tools` for all others. */
  name: string;
  title: string;
  description: string;
  /** A section for each command, with the command as its heading. */
  markdown: string;
  commands: ReferenceCommand[];
}

/** A command of a page of the reference. */
export interface ReferenceCommand {
  /** The command after `imcloud`. */
  name: string;
  /** One sentence, with its dot. */
  summary: string;
  /** The `id` of its heading. */
  anchor: string;
}

/** The global options and the output formats in Markdown, with examples that were run against the sandbox. */
export async function sharedMarkdown(): Promise<string> {
  const parts = ["## Options of every command", "", ...optionsTable(createProgram({} as Shell)), "## Forms of output"];
  for (const example of examples.forms) parts.push("", await shown(example));
  return parts.join("\n");
}

/** Every command in Markdown, a page for each resource: its options, and an example that was run against the sandbox. */
export async function referencePages(): Promise<ReferencePage[]> {
  const all = createProgram({} as Shell).commands.filter((command) => command.name() !== "help");
  const resources = new Set(ofOperations.map(({ resource }) => resource));
  const ofResources = all.filter((command) => resources.has(command.name()));
  const tools = all.filter((command) => !resources.has(command.name()));
  return [
    ...(await Promise.all(
      ofResources.map((resource) =>
        page(
          resource.name(),
          `Commands: ${resource.name()}`,
          `${resource.name()} in a shell`,
          namedCommands([resource]),
        ),
      ),
    )),
    await page("tools", "Commands: tools", "tables, settings, servers and what is under way", namedCommands(tools)),
  ];
}

/** A command with its full name, such as `orders list`. */
interface Named {
  words: string[];
  command: Command;
}

/** Commands with an action, without those that only group others. */
const namedCommands = (commands: readonly Command[], parents: string[] = []): Named[] =>
  commands.flatMap((command) => {
    const words = [...parents, command.name()];
    return command.commands.length > 0 ? namedCommands(command.commands, words) : [{ words, command }];
  });

const sentenceOf = (command: Command) => `${(command.description() || command.summary()).replace(/\.$/, "")}.`;

async function page(name: string, title: string, subject: string, commands: Named[]): Promise<ReferencePage> {
  const sections = await Promise.all(commands.map(section));
  return {
    ...{ name, title, markdown: sections.join("\n") },
    description: `Every command for ${subject}, with its options and what it prints.`,
    commands: commands.map(({ words, command }) => ({
      ...{ name: words.join(" "), summary: sentenceOf(command), anchor: words.join("-") },
    })),
  };
}

const runnable: readonly Example[] = [...examples.operations, ...examples.jobs];

async function section({ words, command }: Named): Promise<string> {
  const parents = ["imcloud", ...words.slice(0, -1)].join(" ");
  const parts = [`## ${words.join(" ")}`, "", sentenceOf(command), "", `\`${usage(command, parents)}\``, ""];
  parts.push(...optionsTable(command));
  const own = runnable.filter((example) => words.every((word, index) => example.words[index] === word));
  for (const example of own) parts.push(await shown(example), "");
  return parts.join("\n");
}
