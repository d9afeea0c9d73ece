import { type Document, operationsOf, resolve } from "@imcloud/openapi-tools/document";
import { examplePathParameters } from "@imcloud/openapi-tools/examples";

/** The document for tools that fill a form from it: paths name things that exist in the mock, and parameters have an example each. */
export function runnable(document: Document): Document {
  const copy = structuredClone(document);
  for (const item of Object.values(copy.paths)) delete item.parameters;
  for (const named of operationsOf(document)) {
    const ids = examplePathParameters(document, named);
    const parameters = named.parameters.map((parameter) => {
      const { examples: [example] = [], ...schema } = resolve(document, parameter.schema ?? {});
      if (parameter.in === "path") return { ...parameter, schema, example: ids[parameter.name] };
      return example === undefined ? { ...parameter, schema } : { ...parameter, schema, example };
    });
    Object.assign(copy.paths[named.path]?.[named.method] ?? {}, { parameters });
  }
  return copy;
}
