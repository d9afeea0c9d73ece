import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Document } from "../document.ts";
import type { FindViolation } from "./compare.ts";

/** Says why a value does not fit a document's schemas. What `x-extensible-enum` lists is open, and any text fits it. */
export function schemaViolations(document: Document): FindViolation {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "document", components: document.components });
  return ({ schema }, value) => {
    if (!schema) return undefined;
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/');
    if (ajv.validate(JSON.parse(text), value)) return undefined;
    const [error] = ajv.errors ?? [];
    return `${error?.instancePath.slice(1).replaceAll("/", ".") ?? ""} ${error?.message}`.trim();
  };
}
