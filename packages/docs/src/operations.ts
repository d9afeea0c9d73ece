import type { Document } from "@imcloud/openapi-tools/document";
import { type OperationModel, operationModels } from "@imcloud/openapi-tools/reference";
import { samplesOf } from "@imcloud/openapi-tools/samples";
import spec from "@imcloud/spec/openapi.json" with { type: "json" };
import { type ObjectPage, objectPages } from "./objects.ts";

const document = spec as unknown as Document;

/** Every operation as pages and search tell of it. */
export const operations: OperationModel[] = operationModels(document);

/** The objects that have pages. */
export const objects: ObjectPage[] = objectPages(document);

/** The samples of every operation by its id. */
export const samples = samplesOf(document);

/** The operations of the document by the tag that they stand under, in its order. */
export const operationGroups = spec.tags.map((tag) => ({
  label: tag["x-displayName"],
  description: tag.description,
  operations: operations.filter(({ resource }) => resource === tag.name),
}));
