import { bundle, createConfig, getLineColLocation, type NormalizedProblem } from "@redocly/openapi-core";

/** A problem with its file and line. */
function textOf({ message, location: [place] }: NormalizedProblem): string {
  if (!place) return message;
  const { line, col } = getLineColLocation(place).start;
  return `${place.source.absoluteRef}:${line}:${col}: ${message}`;
}

/**
 * Reads an OpenAPI document from a file or a URL, with all files that it refers to, as one value of JSON without shared objects. It runs in
 * this process, as starting another one takes most of the time.
 * @throws {@link Error} that says on a line each what cannot be read
 */
export async function bundleDocument(source: string): Promise<Record<string, unknown>> {
  const { bundle: bundled, problems } = await bundle({ ref: source, config: await createConfig() });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length) throw new Error(errors.map(textOf).join("\n"));
  return JSON.parse(JSON.stringify(bundled.parsed));
}
