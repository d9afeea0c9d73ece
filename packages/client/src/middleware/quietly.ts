/** Does something for an observer. What a logger or tracer throws, or rejects with, is not the call's failure. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    const result = work();
    // A rejection that nobody handles ends the process.
    Promise.resolve(result).catch(() => {});
    return result;
  } catch {
    return undefined;
  }
}
