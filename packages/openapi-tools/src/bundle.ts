import { bundle, createConfig } from "@redocly/openapi-core";
import { throwErrors } from "./problems.ts";

/**
 * Reads an OpenAPI document from a file or a URL, with all files that it refers to, as one value of JSON without shared objects. It runs in
 * this process, as starting another one takes most of the time.
 * @throws {@link Error} that says on a line each what cannot be read
 */
export async function bundleDocument(source: string): Promise<Record<string, unknown>> {
  const { bundle: bundled, problems } = await bundle({ ref: source, config: await createConfig() });
  throwErrors(problems);
  return JSON.parse(JSON.stringify(bundled.parsed));
}
