import type { OnWait } from "./connection.ts";

/** Milliseconds that a notice is shown after the last wait that was told of. */
const SHOWN = 4_000;

let text = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(next: string): void {
  text = next;
  for (const listener of listeners) listener();
}

/** Notices of calls that wait, for the client's `onWait`. */
export const onWait: OnWait = ({ operation, waiting = 1 }) => {
  show(waiting > 1 ? `${waiting} calls` : operation);
  clearTimeout(timer);
  timer = setTimeout(() => show(""), SHOWN);
};

/** The notice as a store, for `useSyncExternalStore`. */
export const waitNotice = {
  read: () => text,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
