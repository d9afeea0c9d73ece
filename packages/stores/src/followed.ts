/** A signal that follows others, also those of another implementation, which `AbortSignal.any` does not take. */
export function followed(signals: readonly (AbortSignal | undefined)[]) {
  const controller = new AbortController();
  const ends = signals.map((signal) => {
    const abort = () => controller.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    return () => signal?.removeEventListener("abort", abort);
  });
  const unfollow = () => {
    for (const end of ends) end();
  };
  return { signal: controller.signal, unfollow };
}
