import type { Document } from "../document.ts";
import { addresses } from "./addresses.ts";
import type { OperationPage } from "./operation-pages.ts";

interface OpenEnum {
  description?: string;
  "x-extensible-enum": string[];
}

const isOpenEnum = (node: object): node is OpenEnum => "x-extensible-enum" in node;

/** Says of each open enum which values are known, in words, as Redocly shows the extension as it stands. */
function describeOpenEnums(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  if (isOpenEnum(node)) {
    const values = node["x-extensible-enum"].map((value) => `\`${value}\``).join(", ");
    node.description = `${node.description ?? ""} Known values: ${values}. Others can come.`.trim();
  }
  Object.values(node).forEach(describeOpenEnums);
}

/** The document as the reference shows it: with request samples, and with links to the rest of the site. */
export function annotate(document: Document, pages: OperationPage[]): Document {
  const annotated = structuredClone(document);
  describeOpenEnums(annotated);
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
