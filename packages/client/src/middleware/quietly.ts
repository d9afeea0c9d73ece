/** Does something for an observer. What a logger or tracer throws is not the call's failure. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
