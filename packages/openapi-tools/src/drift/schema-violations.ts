import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Document } from "../document.ts";
import type { FindViolation } from "./compare.ts";

/** Validates values against a document's schemas. Any text fits an open enum (`x-extensible-enum`). */
export function schemaViolations(document: Document): FindViolation {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "document", components: document.components });
  // Cached, as many examples share a schema, and as many places have schemas that read the same.
  const byText = new Map<string, ValidateFunction>();
  const bySchema = new WeakMap<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const known = bySchema.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/');
    const validate = byText.get(text) ?? ajv.compile(JSON.parse(text));
    byText.set(text, validate);
    bySchema.set(schema, validate);
    return validate;
  };
  return ({ schema }, value) => {
    if (!schema) return undefined;
    const validate = validatorOf(schema);
    if (validate(value)) return undefined;
    const [error] = validate.errors ?? [];
    return `${error?.instancePath.slice(1).replaceAll("/", ".") ?? ""} ${error?.message}`.trim();
  };
}
