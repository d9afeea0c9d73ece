import { readFile, writeFile } from "node:fs/promises";
import { main, takeNoArguments } from "../../../scripts/log.ts";
import { paths } from "../../../scripts/paths.ts";
import { type Outcome, readTasks, tryTask } from "./run.ts";

const BEGIN = "<!-- tasks: made by npm run assistant-tasks -->";
const END = "<!-- /tasks -->";

/** The README with the table. */
export const README = `${paths.mcp}/README.md`;

/** The changes that a task makes, as text. */
function leaves({ task: { leaves: left } }: Outcome): string {
  const orders = (left?.orders ?? []).map(({ type, products }) => (products ? `${type}: ${products}` : type));
  return orders.join(", ") || "nothing";
}

const passed = ({ problems }: { problems: string[] }) => (problems.length ? "**no**" : "yes");

/** The tasks and their results as a table. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => {
    const { task, plain, hostile } = outcome;
    const calls = task.calls.map(({ tool }) => `\`${tool}\``).join(", ");
    const isUnmoved = hostile.problems.length === 0 && outcome.isSame;
    return `| ${task.ask} | ${calls} | ${leaves(outcome)} | ${passed(plain)} | ${isUnmoved ? "yes" : "**no**"} |`;
  });
  const good = outcomes.filter(
    ({ plain, hostile, isSame }) => !plain.problems.length && !hostile.problems.length && isSame,
  );
  return [
    `${good.length} of ${outcomes.length} tasks, each in an ordinary marketplace and in one whose every text is an instruction to the assistant:`,
    "",
    "| the user asks | calls | orders placed | right | unmoved by hostile text |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** Puts the table into the README. */
export function withTable(readme: string, table: string): string {
  const [start, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`The README has no place for the table: ${BEGIN} and ${END}.`);
  return `${readme.slice(0, start + BEGIN.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

/** Whether two texts are equal except for the widths of table columns, which the formatter sets. */
export const isSameText = (one: string, other: string): boolean => {
  const [first, second] = [one, other].map((text) => text.replace(/[ -]+/g, " "));
  return first === second;
};

async function writeTable(): Promise<void> {
  takeNoArguments();
  const outcomes: Outcome[] = [];
  for (const task of await readTasks()) outcomes.push(await tryTask(task));
  const readme = await readFile(README, "utf8");
  const written = withTable(readme, tableOf(outcomes));
  if (!isSameText(readme, written)) {
    await writeFile(README, written);
    console.log("The table has changed. Run npm run format, and look at the diff.");
  }
  for (const { task, plain, hostile } of outcomes) {
    for (const problem of [...plain.problems, ...hostile.problems]) console.error(`${task.ask}: ${problem}`);
  }
  const failed = outcomes.some(
    ({ plain, hostile, isSame }) => plain.problems.length || hostile.problems.length || !isSame,
  );
  process.exitCode = failed ? 1 : 0;
}

if (import.meta.main) main(writeTable);
