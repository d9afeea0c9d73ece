import {
  type Document,
  jsonContent,
  type MediaType,
  type NamedOperation,
  type Parameter,
  resolve,
  successResponse,
} from "./document.ts";

/** An example by its name in the document. */
export type NamedExample = [name: string, value: unknown];

function examplesIn(document: Document, media: MediaType | undefined): NamedExample[] {
  return Object.entries(media?.examples ?? {}).map(([name, example]) => [name, resolve(document, example).value]);
}

/** The named examples of an operation's JSON request. */
export function requestExamples(document: Document, { operation }: NamedOperation): NamedExample[] {
  const body = operation.requestBody && resolve(document, operation.requestBody);
  return examplesIn(document, jsonContent(body?.content));
}

/** The named examples of an operation's JSON success response. */
export const responseExamples = (document: Document, { operation }: Pick<NamedOperation, "operation">) =>
  examplesIn(document, jsonContent(successResponse(document, operation)?.content));

/** The id in the first example of a path's GET, for example of `/orders/{id}`. */
function exampleId(document: Document, path: string): string | undefined {
  const operation = document.paths[path]?.get;
  const [example] = operation ? responseExamples(document, { operation }) : [];
  const id = (example?.[1] as { id?: unknown } | undefined)?.id;
  return id === undefined ? undefined : String(id);
}

function ownExample(document: Document, parameter: Parameter): string | undefined {
  const [named] = Object.values(parameter.examples ?? {});
  const values = [
    parameter.example,
    named && resolve(document, named).value,
    parameter.schema && resolve(document, parameter.schema).examples?.[0],
  ];
  const value = values.find((one) => one !== undefined);
  return value === undefined ? undefined : String(value);
}

/**
 * Values of an operation's path parameters, by name and in the order of the path. Each is an id in the
 * document's examples: `/customers/{id}/orders` takes its `id` from the example of `GET /customers/{id}`. A parameter
 * whose resource has no GET uses its own example.
 * @throws {@link Error} when there is no example for a parameter
 */
export function examplePathParameters(
  document: Document,
  { path, parameters }: Pick<NamedOperation, "path" | "parameters">,
): Record<string, string> {
  const values = [...path.matchAll(/\{([^}]*)\}/g)].map((match): [string, string] => {
    const name = String(match[1]);
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    const value =
      exampleId(document, path.slice(0, match.index + match[0].length)) ??
      (parameter && ownExample(document, parameter));
    if (value === undefined) throw new Error(`No example shows what {${name}} of ${path} names.`);
    return [name, value];
  });
  return Object.fromEntries(values);
}

/** Fills a path template with percent-encoded values. */
export const fillPath = (path: string, values: Record<string, string>): string =>
  path.replace(/\{([^}]*)\}/g, (placeholder, name) =>
    Object.hasOwn(values, name) ? encodeURIComponent(String(values[name])) : placeholder,
  );
