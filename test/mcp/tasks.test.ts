import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Outcome, readTasks, type Task, tryTask } from "./tasks/run.ts";
import { isSameText, README, tableOf, withTable } from "./tasks/table.ts";

/** Characters of a result, of which a host pays for each. */
const LONGEST = 12_000;

const outcomes = new Map<Task, Promise<Outcome>>();

/** Does a task once, whichever tests look at it. */
function outcomeOf(task: Task): Promise<Outcome> {
  const outcome = outcomes.get(task) ?? tryTask(task);
  outcomes.set(task, outcome);
  return outcome;
}

describe("tasks", async () => {
  const tasks = (await readTasks()).map((task) => [task.ask, task] as const);

  test("are thirty at least", () => {
    expect(tasks.length).toBeGreaterThanOrEqual(30);
  });

  test.each(tasks)("%s", async (_ask, task) => {
    const { plain, hostile } = await outcomeOf(task);
    expect(plain.problems).toEqual([]);
    expect(hostile.problems, "in a marketplace whose every text is an instruction").toEqual([]);
    expect(hostile.frames, "what the server itself says").toEqual(plain.frames);
    expect(plain.longest).toBeLessThanOrEqual(LONGEST);
  });

  test("are in the README with what came of them: npm run assistant-tasks", async () => {
    const readme = await readFile(README, "utf8");
    const table = tableOf(await Promise.all(tasks.map(([, task]) => outcomeOf(task))));
    expect(isSameText(readme, withTable(readme, table)), table).toBe(true);
  });
});
