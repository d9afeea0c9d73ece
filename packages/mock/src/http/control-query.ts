import type { IncomingMessage } from "node:http";

/**
 * The query of a control call. What a call does not take is refused: a test would otherwise get what it did not ask for.
 * @param path what an error says that was called
 * @param parameters the names that it takes
 * @throws {@link TypeError} for any other name, and for one that is given twice
 */
export function controlQueryOf(
  { url = "" }: IncomingMessage,
  path: string,
  parameters: readonly string[] = [],
): Readonly<Record<string, string>> {
  const query = new URLSearchParams(url.replace(/#.*/s, "").split("?").slice(1).join("?"));
  const names = [...query.keys()];
  const unknown = names.filter((name) => !parameters.includes(name));
  if (unknown.length) {
    const takes = parameters.length ? `the query parameter ${parameters.join(", ")}` : "no query parameters";
    throw new TypeError(`${path} takes ${takes}; got ${unknown.map((name) => JSON.stringify(name)).join(", ")}.`);
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new TypeError(`${path} takes ${twice} once; got ${shownValues(query.getAll(twice))}.`);
  return Object.fromEntries(query);
}

const shownValues = (values: readonly string[]): string => values.map((value) => JSON.stringify(value)).join(" and ");
