/** A record as an engine keeps it. */
export interface Versioned {
  value: string;
  /** Counts up with each change, from any number on; 0 is a record that does not exist. */
  version: number;
}

/** A record as it was read. */
export interface ReadRecord extends Versioned {
  /** The engine's clock, in milliseconds since 1970. Machines that share an engine share no other clock. */
  now: number;
}

/**
 * What an engine has to do: keep short texts by name, and change one only when no other process changed it in between. All shared state
 * is made of these methods, so that each rule is in one place and not in each engine.
 */
export interface Records {
  /** Makes its tables, where they are missing or of an older version. Safe to call from many processes at once. */
  migrate(): Promise<void>;
  /** A record; the empty text and version 0 where there is none. */
  read(collection: string, id: string): Promise<ReadRecord>;
  /**
   * Changes a record, or removes it.
   * @param value `undefined` removes it
   * @param version the version that was read
   * @returns whether it was changed: not when it has another version by now
   */
  write(collection: string, id: string, value: string | undefined, version: number): Promise<boolean>;
  /**
   * Reads a record and writes it with nobody's change between the two, where the engine can do that at once. It need not survive a crash of
   * the machine.
   * @param by gives the new value, from what was read
   */
  change?(collection: string, id: string, by: (record: ReadRecord) => string): Promise<void>;
  /** All records of a collection whose id begins with some text, by id, and the engine's clock. */
  all(collection: string, begin?: string): Promise<{ values: string[]; now: number }>;
  /** Ends what it opened itself. A pool or a client that was given stays open. */
  close(): Promise<void>;
}

/**
 * The version of a record that is made: another one each time, so that a reader of a record that was removed and made again does not take
 * it for the one that it has read.
 */
export const firstVersion = (): number => 1 + Math.floor(Math.random() * 2 ** 50);

/** A store could not do its work: its engine cannot be reached, or was not migrated. */
export class StoreError extends Error {
  override name = "StoreError";
}

/** What an error of an engine's client says. One of several addresses that were tried says nothing itself, and others nothing at all. */
export function messageOf(error: unknown): string {
  const { message, code, errors } = error as Error & { code?: unknown; errors?: unknown };
  if (message) return message;
  if (Array.isArray(errors) && errors.length > 0) return [...new Set(errors.map(messageOf))].join("; ");
  return `It cannot be reached${code ? ` (${code})` : ""}: check that it runs, and the way to it.`;
}

/** Times that a change is tried again when others changed the record in between. */
const MAX_TRIES = 200;

/** The new value of a record, and the result of the change. */
export interface Change<Value, Result> {
  /** The new value, `undefined` to remove the record, and the same object to leave it as it is. */
  value: Value | undefined;
  result: Result;
}

/**
 * Reads a record, changes it, and writes it when nobody else did in between; otherwise again from the start.
 * @throws {@link StoreError} when the engine cannot be reached, or others change the record all the time
 */
export async function update<Value, Result>(
  records: Records,
  collection: string,
  id: string,
  change: (value: Value | undefined, now: number) => Change<Value, Result>,
): Promise<Result> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const { value: text, version, now } = await records.read(collection, id);
    const before = version ? (JSON.parse(text) as Value) : undefined;
    const { value, result } = change(before, now);
    if (value === before) return result;
    const next = value === undefined ? undefined : JSON.stringify(value);
    if (await records.write(collection, id, next, version)) return result;
    await pause(Math.random() * Math.min(attempt, 20));
  }
  throw new StoreError(`The record ${id} of ${collection} was changed by others ${MAX_TRIES} times in a row.`);
}

/**
 * Changes a record that many processes change all the time, and that is worth nothing after a crash of the machine: as {@link update}
 * does, but at once where the engine can, so that nobody is overtaken.
 * @throws {@link StoreError} as {@link update} does
 */
export async function updateOften<Value, Result>(
  records: Records,
  collection: string,
  id: string,
  change: (value: Value | undefined, now: number) => { value: Value; result: Result },
): Promise<Result> {
  if (!records.change) return update(records, collection, id, change);
  let told: { result: Result } | undefined;
  await records.change(collection, id, ({ value: text, version, now }) => {
    const { value, result } = change(version ? (JSON.parse(text) as Value) : undefined, now);
    told = { result };
    return JSON.stringify(value);
  });
  return (told as unknown as { result: Result }).result;
}

/** Waits some milliseconds. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
