import { parseJson } from "@imcloud/openapi-tools/json";
import { createPathMatcher } from "@imcloud/openapi-tools/path-matcher";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { recordCall } from "../coverage/record.ts";
import { document, operations, responsesOf } from "../support/document.ts";

// The document has keywords of its own, which the types and docs read and a validator need not know.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, "bundle");

const matcher = createPathMatcher(operations.map((operation) => ({ ...operation, value: operation })));

/** The operation that a request is for. */
function operationOf(request: Request, baseUrl: string) {
  const path = new URL(request.url).pathname.slice(new URL(baseUrl).pathname.length);
  const match = matcher.match(request.method, path);
  return match.kind === "match" ? match.value : undefined;
}

/** What is wrong with a response by the document; empty when nothing is. */
export async function faultsOf(request: Request, response: Response, baseUrl: string): Promise<string[]> {
  const operation = operationOf(request, baseUrl);
  if (!operation) return [`${request.method} ${request.url} is no operation of the document`];
  const where = `${operation.id} ${response.status}`;
  const documented = responsesOf(operation).find(({ status }) => status === response.status);
  if (!documented) return [`${where} is not documented`];
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = documented.content?.[type]?.schema;
  if (!schema) return [`${where} is not documented as ${type}`];
  const text = await response.text();
  const validate = ajv.compile("$ref" in schema ? { $ref: `bundle${schema.$ref}` } : schema);
  validate(type === "application/json" ? JSON.parse(text) : text);
  return [
    ...(response.headers.has("x-correlation-id") ? [] : [`${where} lacks X-Correlation-ID`]),
    ...(validate.errors ?? []).map(({ instancePath, message }) => `${where} ${instancePath || "/"} ${message}`),
  ];
}

/** A `fetch` that fails on any response that is not as the document says, and writes down what the tests see of it. */
export const checkedFetch = (baseUrl: string) => async (request: Request) => {
  const response = await fetch(request.clone());
  const faults = await faultsOf(request, response.clone(), baseUrl);
  const operation = operationOf(request, baseUrl);
  if (operation) {
    recordCall(operation, {
      query: new URL(request.url).searchParams.keys(),
      headers: request.headers.keys(),
      requestBody: parseJson(await request.text()),
      status: response.status,
      responseBody: parseJson(await response.clone().text()),
    });
  }
  if (faults.length) throw new Error(faults.join("\n"));
  return response;
};
