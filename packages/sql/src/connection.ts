/** A value as every engine takes it. */
export type SqlValue = string | number | null;

/** What a statement did. */
export interface SqlResult {
  rows: Record<string, unknown>[];
  /** Rows that were changed, of a statement that changes some. */
  count: number;
}

/** Runs one statement. Its parameters are `$1`, `$2`, … in the order of their first use. */
export type Run = (statement: string, parameters?: readonly SqlValue[]) => Promise<SqlResult>;

/** A way to a database. */
export interface Connection {
  /** Runs one statement outside of every transaction. */
  run: Run;
  /**
   * Does some work with all of its statements or none, and nobody else's between them.
   * @param isLasting whether it has to survive a crash of the machine too, and not of the process alone; `true` where nothing is said
   */
  transaction<T>(work: (run: Run) => Promise<T>, isLasting?: boolean): Promise<T>;
  /** Ends what it opened itself. */
  close(): Promise<void>;
}

/** A whole number as one of JavaScript's, and as a text where that would be another one. */
export function exactNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Runs one piece of work after another. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}
