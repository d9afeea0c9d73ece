/** The HTTP methods that a path of an OpenAPI 3.1 document can have, as the document writes them. */
export const httpMethods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

/** A method as a document writes it. */
export type HttpMethod = (typeof httpMethods)[number];
