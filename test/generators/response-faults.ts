import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { document, operations, responsesOf } from "../support/document.ts";

/** Checks the body of an operation's success against the document. */
export type ResponseFaults = (operationId: string, body: unknown) => string[];

function responseFaultsBy(schemas: object): ResponseFaults {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(schemas, "bundle");
  return (operationId, body) => {
    const operation = operations.find(({ id }) => id === operationId);
    if (!operation) return [`The document has no operation ${operationId}`];
    const schema = responsesOf(operation).find(({ status }) => status === 200)?.content?.["application/json"]?.schema;
    if (!schema) return [`${operationId} documents no JSON for 200`];
    const validate = ajv.compile("$ref" in schema ? { $ref: `bundle${schema.$ref}` } : (schema as AnySchema));
    validate(body);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
  };
}

/** Keywords that narrow a type. */
const NARROWING = ["pattern", "format", "minLength", "maxLength", "minimum", "maximum"];

/** A schema or a document without the keywords that narrow types. */
function typesOnly(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(typesOnly);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      // A property can have such a name too; its value is then a schema.
      .filter(([key, value]) => typeof value === "object" || !NARROWING.includes(key))
      .map(([key, value]) => [key, typesOnly(value)]),
  );
}

/** Checks all keywords. */
export const responseFaults = responseFaultsBy(document);

/** Checks types only, for tools that make random values. */
export const typeFaults = responseFaultsBy(typesOnly(document) as object);
