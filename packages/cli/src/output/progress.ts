import type { ListProgress } from "@imcloud/client";
import type { Shell } from "../context.ts";

/** Milliseconds of work before progress is told: what is quick needs none. */
const QUIET = 2_000;

/** Milliseconds between two tellings. */
const INTERVAL = 500;

const NUMBER = new Intl.NumberFormat("en");

const duration = (milliseconds: number): string =>
  milliseconds < 90_000 ? `${Math.ceil(milliseconds / 1_000)} s` : `${Math.ceil(milliseconds / 60_000)} min`;

/** `1,240 of 2,002, 12 min to go`. */
export function progressText({ done, total, remaining }: ListProgress): string {
  if (total === undefined) return NUMBER.format(done);
  const rest = remaining ? `, ${duration(remaining)} to go` : "";
  return `${NUMBER.format(done)} of ${NUMBER.format(total)}${rest}`;
}

/** Tells something again and again, on one line of a terminal that is there for people alone. */
export function createStatusLine({ stderr }: Shell): { tell(text: string): void; clear(): void } {
  const start = performance.now();
  let last = start + QUIET - INTERVAL;
  let isShown = false;
  return {
    tell(text) {
      const now = performance.now();
      if (!stderr.isTTY || now - last < INTERVAL) return;
      last = now;
      isShown = true;
      stderr.write(`\r\u001B[K${text}`);
    },
    clear() {
      if (isShown) stderr.write("\r\u001B[K");
    },
  };
}

/** Tells how far a list is. */
export function createProgressLine(shell: Shell): { tell(progress: ListProgress): void; clear(): void } {
  const { tell, clear } = createStatusLine(shell);
  return { tell: (progress) => tell(progressText(progress)), clear };
}
