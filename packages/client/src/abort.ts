/** Waits for a promise no longer than until `signal` is aborted, and rejects with the signal's reason then. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

const kept = new WeakMap<Response, unknown[]>();

/**
 * Keeps things alive as long as a response is. A request's signal follows the signal that it was made with only while the
 * request itself is not garbage: without this, a timeout or an abort can be lost while the body is on its way.
 */
export function keepAlive(response: Response, ...things: unknown[]): Response {
  kept.set(response, [...(kept.get(response) ?? []), ...things]);
  return response;
}
