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

/** The named examples of the JSON in the response of an operation that succeeded. */
export const responseExamples = (document: Document, { operation }: Pick<NamedOperation, "operation">) =>
  examplesIn(document, jsonContent(successResponse(document, operation)?.content));

/** The id of the first example of reading what a path names, for example of `/orders/{id}`. */
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
 * Values for the parameters of an operation's path, by name and in the order of the path. Each names something that the
 * document's examples show: `/customers/{id}/orders` takes its `id` from the example of `GET /customers/{id}`. A parameter
 * whose thing cannot be read has its own example.
 * @throws {@link Error} when no example shows what a parameter names
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

/** A path with values in the place of its parameters, percent-encoded. */
export const fillPath = (path: string, values: Record<string, string>): string =>
  path.replace(/\{([^}]*)\}/g, (placeholder, name) =>
    Object.hasOwn(values, name) ? encodeURIComponent(String(values[name])) : placeholder,
  );
