/** What a process holds, in megabytes. */
export interface Held {
  /** What it has of the operating system. */
  resident: number;
  /** What is still in use of its heap and of its buffers, once garbage is collected: a leak is in it, and nothing that is on its way out. */
  used: number;
}

/** Loaded before a program, with --expose-gc: tells what it holds to the process that started it, whenever that asks. */
process.on("message", () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ resident: rss / 2 ** 20, used: (heapUsed + external) / 2 ** 20 } satisfies Held);
});
// The channel alone keeps nothing running.
process.channel?.unref();
