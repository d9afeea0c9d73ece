import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

/** The signals that a terminal or a supervisor ends a process by. */
export const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type EndSignal = (typeof END_SIGNALS)[number];

/** Milliseconds in which a second signal is the first one's copy: a terminal signals every process, and parents forward it too. */
const SAME_SIGNAL = 1_000;

/** The exit code of a process that a signal ended, as shells have it. */
export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/**
 * Calls back once, at the first signal that ends the process, which then has to end by itself. Copies of the signal are ignored, so that
 * nothing cuts the cleanup short. Whoever sends another one later wants the end at once.
 * @returns a function that stops listening
 */
export function onEndSignal(callback: (signal: EndSignal) => void): () => void {
  let first: number | undefined;
  const listener = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (first !== undefined) {
      if (now - first > SAME_SIGNAL) process.exit(exitCodeOf(signal));
      return;
    }
    first = now;
    callback(signal as EndSignal);
  };
  for (const signal of END_SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of END_SIGNALS) process.off(signal, listener);
  };
}

/** Waits for the first signal that ends the process, as {@link onEndSignal} has it. */
export function endSignal(): Promise<EndSignal> {
  return new Promise((resolve) => {
    onEndSignal(resolve);
  });
}

/** Waits until a child process has ended, and forwards signals to it, so that none is left behind by the end of this process. */
export async function endOf(child: ChildProcess): Promise<{ code: number; signal?: EndSignal }> {
  let ended: EndSignal | undefined;
  const stopListening = onEndSignal((signal) => {
    ended = signal;
    child.kill(signal);
  });
  try {
    const [code, childSignal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    const signal = ended;
    return { code: code ?? (childSignal ? exitCodeOf(childSignal) : 129), ...(signal && { signal }) };
  } finally {
    stopListening();
  }
}
