/** How far a list, or the reading of its details, is. */
export interface ListProgress {
  /** Rows that are done. */
  done: number;
  /** Rows in all, as the API last said; `undefined` where it says nothing to be believed. */
  total: number | undefined;
  /** Milliseconds until the end at the present rate; `undefined` without a total. */
  remaining: number | undefined;
}

/** Called with the progress of a list. */
export type OnListProgress = (progress: ListProgress) => void;

/** Makes a function that reports the progress of a list, at the rate since now. */
export function createProgress(tell: OnListProgress | undefined): (done: number, total: number | undefined) => void {
  const start = performance.now();
  return (done, total) => {
    if (!tell) return;
    const rate = (performance.now() - start) / done;
    tell({ done, total, remaining: total === undefined ? undefined : Math.round(Math.max(0, total - done) * rate) });
  };
}
