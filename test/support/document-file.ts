/** The built document that the tests use. */
export const documentFile = new URL(import.meta.resolve("@imcloud/spec/openapi.json"));
