import type { Document, Schema } from "@imcloud/openapi-tools/document";
import { schemasIn } from "@imcloud/openapi-tools/schema-walker";
import { addresses } from "../src/addresses.ts";
import type { OperationPage } from "./operation-pages.ts";

/** Says of an open enum which values are known, in words, as Redocly shows the extension as it stands. */
function describeOpenEnum(schema: Schema): void {
  const known = schema["x-extensible-enum"];
  if (!known) return;
  const values = known.map((value) => `\`${value}\``).join(", ");
  schema.description = `${schema.description ?? ""} Known values: ${values}. Others can come.`.trim();
}

/** The document as the reference shows it: with request samples, and with links to the rest of the site. */
export function annotate(document: Document, pages: OperationPage[]): Document {
  const annotated = structuredClone(document);
  for (const schema of schemasIn(annotated)) describeOpenEnum(schema);
  for (const page of pages) {
    const links = [
      `[Try it in the console](${addresses.console(page)})`,
      `[As plain text](${addresses.page(page)}.html)`,
      ...page.guides.map(({ page, title }) => `[Guide: ${title}](${page}.html)`),
    ];
    Object.assign(annotated.paths[page.path]?.[page.method] ?? {}, {
      "x-codeSamples": page.samples,
      description: `${page.operation.description}\n\n${links.join(" · ")}`,
    });
  }
  return annotated;
}
