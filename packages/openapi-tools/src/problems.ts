import { getLineColLocation, type NormalizedProblem } from "@redocly/openapi-core";

/** A problem with its file, line and rule. */
function textOf({ message, ruleId, location: [place] }: NormalizedProblem): string {
  if (!place) return `${message} (${ruleId})`;
  const { line, col } = getLineColLocation(place).start;
  return `${place.source.absoluteRef}:${line}:${col}: ${message} (${ruleId})`;
}

/** @throws {@link Error} that says each error on a line; warnings and what is ignored are none */
export function throwErrors(problems: NormalizedProblem[]): void {
  const errors = problems.filter(({ severity, ignored }) => severity === "error" && !ignored);
  if (errors.length) throw new Error(errors.map(textOf).join("\n"));
}
