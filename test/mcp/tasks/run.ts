import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { type Connected, connectAssistant, type Result } from "../assistant.ts";
import { directClient, fixtures, hostile as hostileFetch, inDays, readState, type State } from "./marketplace.ts";

/** A tool call that a task needs. */
interface Call {
  tool: string;
  args?: Record<string, unknown>;
  /** Expected values by path. Text that begins with `~` has to be contained. */
  expect?: Record<string, unknown>;
  /** Values of the result that later calls use as `$name`, by their paths. */
  keep?: Record<string, string>;
}

/** A task of an assistant. */
export interface Task {
  /** What the user asks. */
  ask: string;
  /** Whether the server may write. @defaultValue false */
  writes?: boolean;
  calls: Call[];
  /** The changes that the task makes. @defaultValue none */
  leaves?: {
    orders?: { type: string; products?: string; poNumber?: string }[];
    subscriptions?: Record<string, { status?: string; seats?: string }>;
    newSubscriptions?: number;
  };
}

/** The result of a task in one marketplace. */
export interface Run {
  problems: string[];
  /** The server's own parts of the results, which no text of the marketplace may change. */
  frames: unknown[];
  /** The length of the longest result, in characters. */
  longest: number;
}

/** Reads the tasks. */
export const readTasks = async (): Promise<Task[]> =>
  parse(await readFile(join(import.meta.dirname, "tasks.yaml"), "utf8"));

const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);

/** Replaces `$name` by a stored value, and `$days+10` by a date. */
function fill(value: unknown, kept: Record<string, unknown>): unknown {
  if (typeof value === "string" && value.startsWith("$")) {
    const days = /^\$days([+-]\d+)$/.exec(value)?.[1];
    return days === undefined ? kept[value.slice(1)] : inDays(Number(days));
  }
  if (Array.isArray(value)) return value.map((entry) => fill(entry, kept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, kept)]));
}

function difference(actual: unknown, expected: unknown): boolean {
  if (typeof expected === "string" && expected.startsWith("~")) return !String(actual).includes(expected.slice(1));
  return JSON.stringify(actual ?? null) !== JSON.stringify(expected ?? null);
}

/** The server's own part of a result, without what differs each time. */
function frameOf({ data: _, text: __, confirmation, ...own }: Result): unknown {
  return { ...own, hasConfirmation: confirmation !== undefined };
}

/** The differences between two states. */
function changes(before: State, after: State): Required<NonNullable<Task["leaves"]>> & { lost: string[] } {
  const orders = Object.entries(after.orders).filter(([id]) => !before.orders[id]);
  const changed = Object.entries(after.subscriptions).filter(
    ([id, subscription]) => before.subscriptions[id] && difference(subscription, before.subscriptions[id]),
  );
  const added = Object.keys(after.subscriptions).filter((id) => !before.subscriptions[id]);
  const lost = [...Object.keys(before.orders), ...before.customers].filter(
    (id) => !after.orders[id] && !after.customers.includes(id),
  );
  return {
    orders: orders.map(([, order]) => order) as { type: string; products: string; poNumber: string }[],
    subscriptions: Object.fromEntries(changed),
    newSubscriptions: added.length,
    lost,
  };
}

/** The differences from the changes that the task expects. */
function stateProblems({ leaves = {} }: Task, before: State, after: State): string[] {
  const actual = changes(before, after);
  const { orders = [], subscriptions = {}, newSubscriptions = 0 } = leaves;
  const problems: string[] = actual.lost.map((id) => `${id} is gone`);
  const say = (what: string, got: unknown, wanted: unknown) =>
    problems.push(`${what}: ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
  const fits = (part: object, whole: object | undefined) =>
    whole && Object.entries(part).every(([key, value]) => !difference(whole[key as never], value));
  if (orders.length !== actual.orders.length || !orders.every((order, index) => fits(order, actual.orders[index]))) {
    say("new orders", actual.orders, orders);
  }
  const ids = Object.keys(actual.subscriptions);
  if (
    difference(ids.sort(), Object.keys(subscriptions).sort()) ||
    !Object.entries(subscriptions).every(([id, wanted]) => fits(wanted, actual.subscriptions[id]))
  ) {
    say("changed subscriptions", actual.subscriptions, subscriptions);
  }
  if (newSubscriptions !== actual.newSubscriptions) say("new subscriptions", actual.newSubscriptions, newSubscriptions);
  return problems;
}

async function runCalls({ calls }: Task, { call }: Connected): Promise<Run> {
  const [problems, frames, kept]: [string[], unknown[], Record<string, unknown>] = [[], [], {}];
  let longest = 0;
  for (const { tool, args = {}, expect = {}, keep = {} } of calls) {
    const result = await call(tool, fill(args, kept) as Record<string, unknown>).catch(
      (error: Error): Result => ({
        isError: true,
        notice: "",
        leftOut: [],
        data: { message: error.message },
        text: "",
      }),
    );
    longest = Math.max(longest, result.text.length);
    frames.push(frameOf(result));
    const wanted = { isError: false, ...expect };
    for (const [path, value] of Object.entries(wanted)) {
      const [actual, filled] = [at(result, path), fill(value, kept)];
      if (difference(actual, filled))
        problems.push(`${tool}: ${path} is ${JSON.stringify(actual)}, wanted ${JSON.stringify(filled)}`);
    }
    for (const [name, path] of Object.entries(keep)) kept[name] = at(result, path);
  }
  return { problems, frames, longest };
}

/**
 * Runs a task in a marketplace of its own.
 * @param isHostile whether every text in it is a prompt injection
 */
export async function runTask(task: Task, isHostile: boolean): Promise<Run> {
  const connected = await connectAssistant({
    allowWrites: task.writes ?? false,
    ...(isHostile && { wrapFetch: hostileFetch }),
  });
  const { sandbox } = connected;
  try {
    sandbox.seed(fixtures());
    const imcloud = directClient(sandbox.connection);
    const before = await readState(imcloud);
    const run = await runCalls(task, connected);
    // Lets the orders complete.
    await sandbox.advance(3_600_000);
    return { ...run, problems: [...run.problems, ...stateProblems(task, before, await readState(imcloud))] };
  } finally {
    await connected.close();
  }
}

/** The results of a task in both marketplaces. */
export interface Outcome {
  task: Task;
  plain: Run;
  hostile: Run;
  /** Whether the server's own parts were the same in both. */
  isSame: boolean;
}

/** Runs a task in an ordinary marketplace, and in a hostile one. */
export async function tryTask(task: Task): Promise<Outcome> {
  const [plain, hostile] = await Promise.all([runTask(task, false), runTask(task, true)]);
  return { task, plain, hostile, isSame: JSON.stringify(plain.frames) === JSON.stringify(hostile.frames) };
}
