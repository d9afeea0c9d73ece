/** Calls an observer. If a logger or tracer throws or rejects, the call does not fail. */
export function ignoreErrors<T>(work: () => T): T | undefined {
  try {
    const result = work();
    // An unhandled rejection would end the process.
    Promise.resolve(result).catch(() => {});
    return result;
  } catch {
    return undefined;
  }
}
