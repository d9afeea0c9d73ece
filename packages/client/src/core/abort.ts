/** The callbacks that wait for a signal, and the one listener that they share. */
interface Waiting {
  callbacks: Set<() => void>;
  listener: () => void;
}

/** One listener for each signal, however many calls follow it: Node 20 warns of more than ten. */
const waiting = new WeakMap<AbortSignal, Waiting>();

function listen(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  const listener = () => {
    waiting.delete(signal);
    for (const callback of callbacks) callback();
  };
  signal.addEventListener("abort", listener, { once: true });
  const made = { callbacks, listener };
  waiting.set(signal, made);
  return made;
}

/** Calls back once, when a signal aborts. Returns a function that unsubscribes. */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {};
  const { callbacks, listener } = waiting.get(signal) ?? listen(signal);
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    signal.removeEventListener("abort", listener);
    waiting.delete(signal);
  };
}

/** Why a signal aborted. On React Native, signals have no reason. */
export const abortReason = (signal: AbortSignal | undefined): unknown =>
  signal?.reason === undefined
    ? Object.assign(new Error("The call was aborted."), { name: "AbortError" })
    : (signal.reason as unknown);

/** A signal that aborts when either of two does, until it is let go of. Not AbortSignal.any, which is not everywhere. */
export function eitherSignal(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): { signal: AbortSignal | undefined; letGo(): void } {
  if (!one || !other) return { signal: one ?? other, letGo() {} };
  const controller = new AbortController();
  const follow = (signal: AbortSignal) => {
    const abort = () => controller.abort(abortReason(signal));
    if (signal.aborted) abort();
    return onAbort(signal, abort);
  };
  const unfollow = [one, other].map(follow);
  return {
    signal: controller.signal,
    letGo() {
      for (const each of unfollow) each();
    },
  };
}
