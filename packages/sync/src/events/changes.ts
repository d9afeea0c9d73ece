import { setTimeout as sleep } from "node:timers/promises";
import { abortSignal, checkOptions, must, type Rules, wholeNumber } from "@imcloud/options";
import { SyncError } from "../database/database.ts";
import { CONSUMER, isPosition } from "../store/event-log.ts";
import type { SyncStore } from "../store/store.ts";
import { isDateUntil } from "../tables/dates.ts";
import { CHANGE_EVENT_TYPES, type ChangeEvent, type ChangeEventType } from "./event.ts";

/** Options of {@link changes}. */
export interface ChangesOptions<Type extends ChangeEventType = ChangeEventType> {
  /** The tables of a sync. */
  from: SyncStore;
  /**
   * Where to begin: after the event with this `cursor`, or with the events seen from a time on.
   * @defaultValue where the consumer left off, or the first event
   */
  since?: number | Date | undefined;
  /**
   * A name of your own, under which the tables store your position. An event is done when the loop asks for the next one; an event that
   * was in progress when the process ended comes again.
   */
  consumer?: string | undefined;
  /** The types of events. @defaultValue all */
  types?: readonly Type[] | undefined;
  /** Milliseconds between two polls for new events. Without it, the loop ends after the last event. */
  follow?: number | undefined;
  /** Ends the loop while it waits. */
  signal?: AbortSignal | undefined;
}

const RULES: Rules<ChangesOptions> = {
  from: must("the tables of a sync", (store: SyncStore) => store?.internals),
  since: must(
    "an event's cursor or a date",
    (since: number | Date) => (Number.isSafeInteger(since) && Number(since) >= 0) || isDateUntil(since, 9_999),
  ),
  consumer: must(
    "a name of 1 to 200 characters",
    (name: string) => typeof name === "string" && /^[^\0]{1,200}$/su.test(name),
  ),
  types: must(
    `a list of ${CHANGE_EVENT_TYPES.join(", ")}`,
    (types: ChangeEventType[]) => Array.isArray(types) && types.every((type) => CHANGE_EVENT_TYPES.includes(type)),
  ),
  follow: wholeNumber(1),
  signal: abortSignal,
};

/** The number of events to read at a time. */
const READ = 100;

/**
 * Yields events in the order in which syncs found them, each at least once.
 * @throws {@link SyncError} when a cursor is after the last event, and so belongs to other tables
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export async function* changes<const Type extends ChangeEventType = ChangeEventType>(
  options: ChangesOptions<Type>,
): AsyncGenerator<Extract<ChangeEvent, { type: Type }>, void, undefined> {
  checkOptions(RULES, options as ChangesOptions, "changes", ["from"]);
  const { from, since, consumer, types, follow, signal } = options;
  await from.migrate();
  const { read } = from.internals;
  const name = CONSUMER + consumer;
  const keep = async (position: number) => {
    if (consumer !== undefined) await read.state.write(name, position);
  };
  const left = consumer === undefined ? undefined : await read.state.read(name, isPosition);
  let position = since instanceof Date ? await read.events.positionAt(since) : (since ?? left ?? 0);
  const last = await read.events.last();
  if (position > last) {
    throw new SyncError(
      `The cursor ${position} is after the last event of these tables, ${last}. It belongs to other tables.`,
    );
  }

  for (;;) {
    signal?.throwIfAborted();
    const found = await read.events.after(position, READ);
    for (const { position: at, event } of found) {
      const { id, type, seenAt, content } = event;
      if (types === undefined || types.includes(type as Type)) {
        // JSON has no `undefined`.
        const states = { before: undefined, after: undefined, ...content };
        yield { type, id, cursor: at, seenAt: new Date(seenAt), ...states } as Extract<ChangeEvent, { type: Type }>;
      }
      position = at;
      await keep(at);
    }
    if (found.length > 0) continue;
    if (follow === undefined) return;
    await sleep(follow, undefined, { signal });
  }
}
