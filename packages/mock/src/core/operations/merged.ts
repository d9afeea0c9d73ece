import { invalid } from "../domain/errors.ts";

/** Characters as JSON: as many as one request can bring. */
const MAX_LENGTH = 2 ** 20;

/**
 * Named values with those of an update. They are bounded, as they would otherwise grow from update to update without end.
 * @param what they are, for the message
 * @throws {@link DomainError}
 */
export function merged<Before extends object | undefined, Updates extends object>(
  what: string,
  before: Before,
  updates: Updates,
): Before & Updates {
  const all = { ...before, ...updates };
  if (JSON.stringify(all).length <= MAX_LENGTH) return all as Before & Updates;
  return invalid(`The ${what} would have more than ${MAX_LENGTH} characters in all`);
}
