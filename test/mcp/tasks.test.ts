import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Outcome, readTasks, type Task, tryTask } from "./tasks/run.ts";
import { isSameText, README, tableOf, withTable } from "./tasks/table.ts";

/** The longest result in characters, as hosts pay for each token. */
const LONGEST = 12_000;

const outcomes = new Map<Task, Promise<Outcome>>();

/** The outcome of a task, which runs once for all tests. */
function outcomeOf(task: Task): Promise<Outcome> {
  const outcome = outcomes.get(task) ?? tryTask(task);
  outcomes.set(task, outcome);
  return outcome;
}

describe("tasks", async () => {
  const tasks = (await readTasks()).map((task) => [task.ask, task] as const);

  test("are at least thirty", () => {
    expect(tasks.length).toBeGreaterThanOrEqual(30);
  });

  test.each(tasks)("%s", async (_ask, task) => {
    const { plain, hostile } = await outcomeOf(task);
    expect(plain.problems).toEqual([]);
    expect(hostile.problems, "in a marketplace whose texts are all instructions").toEqual([]);
    expect(hostile.frames, "the server's own part of the results").toEqual(plain.frames);
    expect(plain.longest).toBeLessThanOrEqual(LONGEST);
  });

  test("are in the README with their results; npm run assistant-tasks writes them", async () => {
    const readme = await readFile(README, "utf8");
    const table = tableOf(await Promise.all(tasks.map(([, task]) => outcomeOf(task))));
    expect(isSameText(readme, withTable(readme, table)), table).toBe(true);
  });
});
