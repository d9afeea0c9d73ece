import { isMarketplaceError } from "./errors.ts";

/** Errors whose stack has their caller's frames already. Calls that share a sign-in share its error. */
const done = new WeakSet<object>();

/**
 * Adds to the stack of one of our errors the place where the call was made. Otherwise the stack would end inside of the client, as the
 * error is created long after its caller has returned.
 * @param callSite made when the call was
 */
export function withCaller(error: unknown, callSite: Error): unknown {
  if (!(isMarketplaceError(error) || error instanceof TypeError) || done.has(error)) return error;
  done.add(error);
  try {
    // V8 begins with a line of the error's name, which is no frame.
    const frames = String(callSite.stack).replace(/^Error.*\n/, "");
    error.stack = `${error.stack ?? error}\n${frames}`;
  } catch {
    // A frozen error keeps its stack.
  }
  return error;
}
