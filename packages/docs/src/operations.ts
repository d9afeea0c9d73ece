import { type Document, operationsOf } from "@imcloud/openapi-tools/document";
import document from "@imcloud/spec/openapi.json" with { type: "json" };

const all = operationsOf(document as unknown as Document);

/** The operations of the document by the tag that they stand under, in its order. */
export const operationGroups = document.tags.map((tag) => ({
  label: tag["x-displayName"],
  description: tag.description,
  operations: all.filter(({ resource }) => resource === tag.name),
}));

export const operations = all;
