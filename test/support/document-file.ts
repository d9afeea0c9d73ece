/** The document that the tests are about, as it is built. */
export const documentFile = new URL(import.meta.resolve("@imcloud/spec/openapi.json"));
