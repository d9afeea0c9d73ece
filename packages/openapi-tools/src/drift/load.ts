import { bundleDocument } from "../bundle.ts";
import type { Document } from "../document.ts";

/**
 * Reads and bundles an OpenAPI document from a file or a URL.
 * @throws {@link Error} when it cannot be read or is not an OpenAPI document
 */
export async function loadDocument(source: string): Promise<Document> {
  const document = await bundleDocument(source).catch((cause: Error) => {
    throw new Error(`${source} cannot be read as an OpenAPI document: ${cause.message}`, { cause });
  });
  if (!/^3\./.test(String(document.openapi))) {
    throw new Error(
      `${source} is ${document.swagger ? "Swagger 2.0" : "no OpenAPI 3 document"}; convert it to OpenAPI 3 first.`,
    );
  }
  return document as unknown as Document;
}
