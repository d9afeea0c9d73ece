// The tasks of tasks.json: their usage, and the parser of their options. Plain JavaScript, because run.mjs runs on the machine's Node
// before anything is installed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as util from "node:util";

const root = new URL("../", import.meta.url);
const tasks = JSON.parse(readFileSync(new URL("tasks.json", import.meta.url), "utf8"));

export const isTask = (name) => Object.hasOwn(tasks, name);

export function programOf(task) {
  const { file = `scripts/${task}.ts`, nodeOptions = [] } = tasks[task];
  return [...nodeOptions, fileURLToPath(new URL(file, root))];
}

export function optionsOf(task, args = process.argv.slice(2)) {
  const options = Object.entries(tasks[task].options).map(([name, { value, repeats = false }]) => [
    name,
    { type: value ? "string" : "boolean", multiple: repeats },
  ]);
  // Vitest knows more options, and refuses what it does not know.
  const isOpen = tasks[task].others !== undefined;
  return util.parseArgs({ args, options: Object.fromEntries(options), strict: !isOpen, allowPositionals: isOpen })
    .values;
}

export function usageOf(task) {
  const { command, does, others, options } = tasks[task];
  const rows = Object.entries(options).map(([name, { value, does: meaning }]) => [
    value ? `--${name} <${value}>` : `--${name}`,
    meaning,
  ]);
  const words = [others, !others && rows.length > 0 && "[options]"].filter(Boolean);
  const line = words.length ? `${command} -- ${words.join(" ")}` : command;
  const width = Math.max(...rows.map(([option]) => option.length));
  return [
    line,
    "",
    does,
    ...(rows.length ? [""] : []),
    ...rows.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}`),
  ].join("\n");
}
