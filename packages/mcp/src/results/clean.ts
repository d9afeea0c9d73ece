import { personalWord, withoutEmails } from "./personal.ts";
import { cleanText } from "./text.ts";

/** The most entries of a cleaned value. */
const MAX_ENTRIES = 150;
const MAX_DEPTH = 8;

/** Cleans the marketplace's data, and records what was left out. */
export interface Cleaner {
  clean(value: unknown): unknown;
  /** What was left out, without texts of the marketplace. */
  leftOut(): string[];
}

/** The name of a parameter, an object that has its name as a value. */
const nameOf = (value: object): string | undefined =>
  "name" in value && "value" in value && typeof value.name === "string" ? value.name : undefined;

const isGroup = (value: unknown): boolean => typeof value === "object" && !Array.isArray(value);

/**
 * Cleans data of the marketplace: texts are one line of bounded length without invisible characters, lists and depth are bounded, and
 * personal data is left out unless requested.
 */
export function createCleaner(includePersonalData: boolean): Cleaner {
  const personal = new Set<string>();
  const notes = new Set<string>();

  function safe(shown: string): string {
    if (includePersonalData) return shown;
    const without = withoutEmails(shown);
    if (without !== shown) personal.add("email");
    return without;
  }

  function text(value: string): string {
    const shown = cleanText(value);
    if (shown.endsWith("…") && !value.endsWith("…")) notes.add("the ends of long texts");
    return safe(shown);
  }

  function list(values: unknown[], depth: number): unknown[] {
    if (values.length > MAX_ENTRIES) notes.add(`entries of a list beyond ${MAX_ENTRIES}`);
    return values.slice(0, MAX_ENTRIES).map((entry) => clean(entry, depth));
  }

  /** Whether a member is kept. */
  function isKept(name: string): boolean {
    const word = includePersonalData ? undefined : personalWord(name);
    if (word) personal.add(word);
    return !word;
  }

  function members(value: object, depth: number): Record<string, unknown> {
    const parameter = nameOf(value);
    const kept = Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      // An object tells by its own members.
      .filter(([name, member]) => isGroup(member) || isKept(name))
      .filter(([name]) => name === "name" || parameter === undefined || isKept(parameter));
    if (kept.length > MAX_ENTRIES) notes.add(`members of an object beyond ${MAX_ENTRIES}`);
    return Object.fromEntries(
      kept.slice(0, MAX_ENTRIES).map(([name, member]) => [safe(cleanText(name, 60)), clean(member, depth)]),
    );
  }

  function clean(value: unknown, depth = 0): unknown {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth >= MAX_DEPTH) {
      notes.add("what is nested deeply");
      return undefined;
    }
    return Array.isArray(value) ? list(value, depth + 1) : members(value, depth + 1);
  }

  return {
    clean: (value) => clean(value),
    leftOut() {
      const people = [...personal].sort().join(", ");
      const reason = "the server was started without --include-personal-data";
      return [...(people ? [`personal data (${people}): ${reason}`] : []), ...notes];
    },
  };
}
