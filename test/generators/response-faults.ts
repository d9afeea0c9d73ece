import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { document, operations, responsesOf } from "../support/document.ts";

/** What is wrong, by the document, with the body of an operation's success. */
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

/** Keywords that ask for more than a type. */
const NARROWING = ["pattern", "format", "minLength", "maxLength", "minimum", "maximum"];

/** A schema, or a document, that asks for types alone. */
function typesOnly(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(typesOnly);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      // A property can have such a name as well; then it is a schema.
      .filter(([key, value]) => typeof value === "object" || !NARROWING.includes(key))
      .map(([key, value]) => [key, typesOnly(value)]),
  );
}

/** By all that the document asks for. */
export const responseFaults = responseFaultsBy(document);

/** By the types alone: for tools that make up values at random. */
export const typeFaults = responseFaultsBy(typesOnly(document) as object);
