import type { ImcloudClient, PagePromise } from "@imcloud/client";
import { type FlagNames, parseValue } from "./body.ts";
import type { CommandSpec } from "./command-table.ts";
import type { Context } from "./context.ts";
import { CommandError } from "./exit-codes.ts";
import { checkColumns, rowWriter, writeResource } from "./output/output.ts";
import { createProgressLine } from "./output/progress.ts";
import { say } from "./output/text.ts";
import { oneOf, wholeNumber } from "./typed-values.ts";

/** The default number of rows of a list. */
export const DEFAULT_ROWS = 25;

/** The largest page of the API. */
const LARGEST_PAGE = 500;

/** How many rows to list. */
export interface ListOptions {
  limit?: string;
  all?: boolean;
}

function rowsOf({ limit, all }: ListOptions): number {
  if (all) {
    if (limit !== undefined) throw new CommandError("Give --all or --limit, not both.");
    return Number.POSITIVE_INFINITY;
  }
  return limit === undefined ? DEFAULT_ROWS : wholeNumber("--limit", limit, 1);
}

/** The query of typed flags. A repeated flag has several values. */
export function readQuery(spec: CommandSpec, flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const flag of spec.query) {
    const given = flags[flag.name];
    const texts = (Array.isArray(given) ? given : given === undefined ? [] : [given]) as string[];
    const empty = texts.find((text) => text.trim() === "");
    if (empty !== undefined) throw new CommandError(`--${flag.flag} is empty. Leave it out for all.`);
    const values = texts.map((text) => parseValue(flag, text));
    if (flag.values) for (const text of texts) oneOf(`--${flag.flag}`, text, flag.values);
    if (values.length) query[flag.name] = values.length === 1 ? values[0] : values;
  }
  return query;
}

/** The flags of a body that were typed, by the members that they give. */
export const flagNames = (spec: CommandSpec, flags: Readonly<Record<string, unknown>>): FlagNames =>
  Object.fromEntries(
    (spec.body ?? []).filter(({ name }) => flags[name] !== undefined).map(({ name, flag }) => [name, `--${flag}`]),
  );

/**
 * Checks what stands in a path, where dots would be a step out of it.
 * @throws {@link CommandError} for dots alone
 */
export function checkPath(names: readonly string[], values: readonly string[]): void {
  const index = values.findIndex((value) => /^\.+$/.test(value));
  if (index >= 0) throw new CommandError(`<${names[index]}> cannot be of dots alone; got "${values[index]}".`);
}

type Method = (...input: unknown[]) => unknown;

const methodOf = (imcloud: ImcloudClient, { resource, method }: CommandSpec): Method =>
  (imcloud as unknown as Record<string, Record<string, Method>>)[resource]?.[method] as Method;

/** Lists some rows or all, and says how many are left. */
export async function runList(
  context: Context,
  spec: CommandSpec,
  path: readonly string[],
  query: Record<string, unknown>,
  options: ListOptions,
): Promise<void> {
  const most = rowsOf(options);
  const { shell } = context;
  const writer = await rowWriter(context, spec);
  const imcloud = await context.connect();
  const limit = Math.min(most, LARGEST_PAGE);
  const list = methodOf(imcloud, spec)(...path, { ...query, limit }, { signal: shell.signal }) as PagePromise<object>;
  const progress = createProgressLine(shell);
  let written = 0;
  let total: number | undefined;
  const started = performance.now();
  try {
    for await (const page of list.pages()) {
      total = page.total;
      for (const row of page.data.slice(0, most - written)) {
        writer.write(row);
        written += 1;
      }
      const rest = total === undefined ? undefined : Math.min(total, most) - written;
      const remaining = rest === undefined ? undefined : ((performance.now() - started) / written) * rest;
      progress.tell({ done: written, total, remaining });
      if (written >= most) break;
    }
  } finally {
    progress.clear();
  }
  await writer.end();
  if (total !== undefined && total > written && shell.stderr.isTTY) {
    say(shell, `${written} of ${total}. --all shows every one, --limit <rows> more.`);
  }
}

/** Makes a call, and writes the result. */
export async function runCall(
  context: Context,
  spec: CommandSpec,
  path: readonly string[],
  input: { query?: object; body?: object },
): Promise<void> {
  if (spec.columns.length > 0) checkColumns(context, spec);
  const imcloud = await context.connect();
  const values = [...path, ...(input.body ? [input.body] : []), ...(spec.query.length ? [input.query] : [])];
  const thing = await methodOf(imcloud, spec)(...values, { signal: context.shell.signal });
  const { data } = thing as { data?: object[] };
  // The validation of parameters responds with a page of one result.
  const isPageOfOne = spec.columns.length === 0 && data?.length === 1;
  await writeResource(context, isPageOfOne ? Object(data[0]) : Object(thing), isPageOfOne ? { columns: [] } : spec);
}
