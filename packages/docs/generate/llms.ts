import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { addresses } from "../src/addresses.ts";
import type { Guide } from "./guides.ts";
import { operationMarkdown } from "./operation-markdown.ts";
import type { OperationPage } from "./operation-pages.ts";

const guideText = ({ title, description, body }: Guide) => `# ${title}\n\n${description}\n\n${body}`;

const operationText = (page: OperationPage) => operationMarkdown(page, page.examples);

/** Writes the site for language models: an index of it as `llms.txt`, and all its text as `llms-full.txt`. */
export async function llms(document: Document, guides: Guide[], pages: OperationPage[], output: string): Promise<void> {
  const head = `# ${document.info.title}\n\n> ${document.info.description}`;
  const index = [
    head,
    "## Guides",
    guides.map(({ page, title, description }) => `- [${title}](${page}.html): ${description}`).join("\n"),
    "## Operations",
    pages
      .map(
        (page) =>
          `- [${page.operation.summary}](${addresses.page(page)}.html): \`${page.method.toUpperCase()} ${page.path}\``,
      )
      .join("\n"),
    "## Files",
    "- [The document, OpenAPI 3.1](downloads/openapi.yaml)\n- [All text of this site](llms-full.txt)",
  ];
  await writeFile(join(output, "llms.txt"), `${index.join("\n\n")}\n`);
  const all = [head, ...guides.map(guideText), ...pages.map(operationText)];
  await writeFile(join(output, "llms-full.txt"), `${all.join("\n\n---\n\n")}\n`);
}
