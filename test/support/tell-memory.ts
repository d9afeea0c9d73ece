/** The memory of a process, in megabytes. */
export interface Held {
  /** Resident memory. */
  resident: number;
  /** Heap and buffers in use after garbage collection, which includes every leak. */
  used: number;
}

/** Loaded before a program, with --expose-gc: reports its memory to the parent process on demand. */
process.on("message", () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ resident: rss / 2 ** 20, used: (heapUsed + external) / 2 ** 20 } satisfies Held);
});
// The channel must not keep the process running.
process.channel?.unref();
