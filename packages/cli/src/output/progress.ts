import type { ListProgress } from "@imcloud/client";
import type { Ora } from "ora";
import type { Shell } from "../context.ts";

/** Milliseconds of work before progress is shown. */
const DELAY = 2_000;

const NUMBER = new Intl.NumberFormat("en");

const duration = (milliseconds: number): string =>
  milliseconds < 90_000 ? `${Math.ceil(milliseconds / 1_000)} s` : `${Math.ceil(milliseconds / 60_000)} min`;

/** `1,240 of 2,002, 12 min to go`. */
export function progressText({ done, total, remaining }: ListProgress): string {
  if (total === undefined) return NUMBER.format(done);
  const rest = remaining ? `, ${duration(remaining)} to go` : "";
  return `${NUMBER.format(done)} of ${NUMBER.format(total)}${rest}`;
}

/** A line on a terminal that is updated until it is cleared. */
export interface StatusLine<Told = string> {
  tell(told: Told): void;
  clear(): void;
}

/**
 * Makes a status line on standard error, if that is a terminal.
 * @param delay milliseconds of work before it is shown
 */
export function createStatusLine({ stderr }: Pick<Shell, "stderr">, delay = DELAY): StatusLine {
  if (!stderr.isTTY) return { tell() {}, clear() {} };
  let text = "";
  let line: Ora | undefined;
  let isOver = false;
  const late = setTimeout(async () => {
    const { default: ora } = await import("ora");
    // Leaves Ctrl-C and standard input to the command; the check for a terminal was done above.
    if (!isOver) line = ora({ text, stream: stderr, isEnabled: true, discardStdin: false }).start();
  }, delay).unref();
  return {
    tell(next) {
      text = next;
      if (line) line.text = next;
    },
    clear() {
      isOver = true;
      clearTimeout(late);
      line?.stop();
      line = undefined;
    },
  };
}

/** Shows the progress of a list. */
export function createProgressLine(shell: Pick<Shell, "stderr">): StatusLine<ListProgress> {
  const { tell, clear } = createStatusLine(shell);
  return { tell: (progress) => tell(progressText(progress)), clear };
}
