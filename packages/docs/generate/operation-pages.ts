import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { type OperationModel, operationModels } from "@imcloud/openapi-tools/reference";
import { type ExampleSamples, samplesOf } from "@imcloud/openapi-tools/samples";
import { textRoot } from "../src/site-config.ts";
import type { Guide } from "./guides.ts";
import { operationMarkdown } from "./operation-markdown.ts";
import { withIndexNote } from "./page-markdown.ts";

/** An operation with what belongs to it on the site. */
export interface OperationPage extends OperationModel {
  examples: ExampleSamples[];
  guides: Guide[];
}

/** Every operation of a document with what belongs to it on the site. */
export function operationPages(document: Document, guides: Guide[]): OperationPage[] {
  const samples = samplesOf(document);
  return operationModels(document).map((operation) => ({
    ...operation,
    examples: samples.get(operation.id) ?? [],
    guides: guides.filter(({ operations }) => operations.includes(operation.id)),
  }));
}

/** The guides that an operation is in, as its page has them. */
function guidesText({ guides }: OperationPage): string {
  if (!guides.length) return "";
  const links = guides.map(({ page, title }) => `- [${title}](${textRoot ?? "../"}${page}.md)`);
  return `\n\n## Guides\n\n${links.join("\n")}`;
}

/** Writes every operation's page as Markdown, under the page's own address. */
export async function writeOperationTexts(pages: OperationPage[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    pages.map((page) =>
      writeFile(
        join(folder, `${page.id}.md`),
        `${withIndexNote(`operations/${page.id}`, operationMarkdown(page, page.examples))}${guidesText(page)}\n`,
      ),
    ),
  );
}
