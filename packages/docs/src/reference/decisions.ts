/** The decisions by the name of their file. */
const files = import.meta.glob<string>("../../../../openapi/decisions/0*.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** A decision, as the site shows it. */
export interface DecisionPage {
  /** As `x-source` names it: `0010`. */
  number: string;
  title: string;
  /** From the site's root. */
  page: string;
}

const decisions: DecisionPage[] = Object.entries(files).map(([file, text]) => {
  const [, name = ""] = file.match(/([^/]+)\.md$/) ?? [];
  const [, title = name] = text.match(/^# \d+\. (.*)$/m) ?? [];
  return { number: name.slice(0, 4), title, page: `decisions/${name}` };
});

/**
 * The decision of a number.
 * @throws {@link Error} when there is none
 */
export function decisionOf(number: string): DecisionPage {
  const found = decisions.find((decision) => decision.number === number);
  if (!found) throw new Error(`There is no decision ${number}.`);
  return found;
}
