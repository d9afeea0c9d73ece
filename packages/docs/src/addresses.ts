import type { NamedOperation } from "@imcloud/openapi-tools/document";

/** Where an operation stands on the site, from its root. */
export const addresses = {
  /** The page of its own, which needs no JavaScript. */
  page: ({ id }: NamedOperation) => `operations/${id}`,
  /** Its place in Redocly's page. */
  reference: ({ id, resource }: NamedOperation) => `reference.html#/${resource}/${id.toLowerCase()}`,
};
