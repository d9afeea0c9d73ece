import { isMarketplaceError } from "./errors.ts";

/** Errors that have their caller's frames. Calls that share a sign-in share its error. */
const done = new WeakSet<object>();

/**
 * Adds to the stack of an error of ours from where the call was made. The engine's own frames end inside the client, which the error
 * comes from long after its caller went on.
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
