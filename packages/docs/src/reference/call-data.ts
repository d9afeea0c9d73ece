import { createPathMatcher } from "@imcloud/openapi-tools/path-matcher";
import type { OperationModel } from "@imcloud/openapi-tools/reference";
import type { ExampleSamples } from "@imcloud/openapi-tools/samples";
import type { CallData } from "../console/call-data.ts";
import { operations } from "../operations.ts";

const written = (value: unknown) => (value === undefined ? "" : String(value));

/** What the console on an operation's page is filled with. */
export function callDataOf(operation: OperationModel, examples: ExampleSamples[]): CallData {
  const { id, method, path, parameterGroups, links } = operation;
  const ids = examples[0] ? idsOf(path, examples[0].path) : {};
  return {
    ...{ operation: id, method: method.toUpperCase(), path },
    signsIn: operation.operation.security?.some((scheme) => "Basic" in scheme) ?? false,
    isWrite: method !== "get" && !operation.operation["x-imcloud-safe"] && id !== "token_create",
    parameters: parameterGroups.flatMap(({ in: place, fields }) =>
      place === "path" || place === "query"
        ? fields.map(({ name, required, type, values, example }) => ({
            ...{ in: place, name, required, type },
            value: place === "path" ? (ids[name] ?? "") : "",
            hint: written(example),
            values: values.map(String),
          }))
        : [],
    ),
    examples: examples.map(({ example, summary, body }) => ({
      name: example,
      summary,
      body: body === undefined ? "" : JSON.stringify(body, null, 2),
    })),
    links: links.map(({ operationId, parameters }) => ({
      operation: operationId,
      path: pathOf(operationId),
      parameters,
    })),
  };
}

/** @throws {@link Error} when a link leads to no operation */
function pathOf(id: string): string {
  const found = operations.find((operation) => operation.id === id);
  if (!found) throw new Error(`A link leads to ${id}, which is no operation.`);
  return found.path;
}

/** The values of a template's parameters in a filled path, by name. */
function idsOf(template: string, filled: string): Record<string, string> {
  const found = createPathMatcher([{ method: "get", path: template, value: template }]).match("get", filled);
  return found.kind === "match" ? found.parameters : {};
}
