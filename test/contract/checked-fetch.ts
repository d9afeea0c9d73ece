import type { Reference, Schema } from "@imcloud/openapi-tools/document";
import { parseJson } from "@imcloud/openapi-tools/json";
import { createPathMatcher } from "@imcloud/openapi-tools/path-matcher";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { recordCall } from "../coverage/record.ts";
import { document, operations, responsesOf } from "../support/document.ts";

// Not strict, as the document has keywords of its own, which only the types and the docs read.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, "bundle");

/** Compiled validators by schema. */
const validators = new Map<Reference<Schema>, ValidateFunction>();

function validatorOf(schema: Reference<Schema>): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const validate = ajv.compile("$ref" in schema ? { $ref: `bundle${schema.$ref}` } : schema);
  validators.set(schema, validate);
  return validate;
}

const matcher = createPathMatcher(operations.map((operation) => ({ ...operation, value: operation })));

/** The operation of a request. */
function operationOf(request: Request, baseUrl: string) {
  const path = new URL(request.url).pathname.slice(new URL(baseUrl).pathname.length);
  const match = matcher.match(request.method, path);
  return match.kind === "match" ? match.value : undefined;
}

/** A response with its body. */
interface ReadResponse {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; `undefined` where it is not JSON. */
  json: unknown;
}

async function read(response: Response): Promise<ReadResponse> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseJson(text) };
}

function faultsIn(request: Request, { status, headers, text, json }: ReadResponse, baseUrl: string): string[] {
  const operation = operationOf(request, baseUrl);
  if (!operation) return [`${request.method} ${request.url} is no operation of the document`];
  const where = `${operation.id} ${status}`;
  const documented = responsesOf(operation).find((response) => response.status === status);
  if (!documented) return [`${where} is not documented`];
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  const schema = documented.content?.[type]?.schema;
  if (!schema) return [`${where} is not documented as ${type}`];
  const isJson = type === "application/json";
  if (isJson && json === undefined) return [`${where} is not JSON`];
  const validate = validatorOf(schema);
  validate(isJson ? json : text);
  return [
    ...(headers.has("x-correlation-id") ? [] : [`${where} lacks X-Correlation-ID`]),
    ...(validate.errors ?? []).map(({ instancePath, message }) => `${where} ${instancePath || "/"} ${message}`),
  ];
}

/** The response's differences from the document; empty when it fits. */
export const faultsOf = async (request: Request, response: Response, baseUrl: string): Promise<string[]> =>
  faultsIn(request, await read(response), baseUrl);

type Send = (request: Request) => Promise<Response>;

/** A `fetch` that throws for a response that does not fit the document, and records the coverage of the rest. */
export const checkedFetch =
  (baseUrl: string, send: Send = fetch) =>
  async (request: Request) => {
    const response = await send(request.clone());
    const shown = await read(response.clone());
    const faults = faultsIn(request, shown, baseUrl);
    const operation = operationOf(request, baseUrl);
    if (operation) {
      recordCall(operation, {
        query: new URL(request.url).searchParams.keys(),
        headers: request.headers.keys(),
        requestBody: parseJson(await request.text()),
        status: response.status,
        responseBody: shown.json,
      });
    }
    if (faults.length) throw new Error(faults.join("\n"));
    return response;
  };
