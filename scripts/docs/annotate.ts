import type { Document } from "../document.ts";
import { operationsOf } from "../document.ts";
import { samplesOf } from "../samples/samples.ts";
import { addresses } from "./addresses.ts";
import type { Guide } from "./guides.ts";

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
export function annotate(document: Document, guides: Guide[]): Document {
  const annotated = structuredClone(document);
  describeOpenEnums(annotated);
  const samples = samplesOf(document);
  for (const named of operationsOf(annotated)) {
    const links = [
      `[Try it in the console](${addresses.console(named)})`,
      `[As plain text](${addresses.page(named)}.html)`,
      ...guides
        .filter(({ operations }) => operations.includes(named.id))
        .map(({ page, title }) => `[Guide: ${title}](${page}.html)`),
    ];
    Object.assign(named.operation, {
      "x-codeSamples": samples.get(named.id),
      description: `${named.operation.description}\n\n${links.join(" · ")}`,
    });
  }
  return annotated;
}
