import { invalid } from "../domain/errors.ts";

/** The limit in characters of JSON: the size of one request. */
const MAX_LENGTH = 2 ** 20;

/**
 * Merges named values with those of an update. Their size is limited, as each update can add to them.
 * @param what their name, for the message
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
