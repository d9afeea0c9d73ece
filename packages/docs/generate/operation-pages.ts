import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, type NamedOperation, operationsOf } from "@imcloud/openapi-tools/document";
import { type Sample, samplesOf } from "@imcloud/openapi-tools/samples";
import { createOpenApiMarkdownRenderer } from "@scalar/openapi-to-markdown";
import { stringify } from "yaml";
import { addresses } from "../src/addresses.ts";
import type { Guide } from "./guides.ts";

/** An operation as text. */
export interface OperationPage extends NamedOperation {
  samples: Sample[];
  guides: Guide[];
  /** Parameters, request and responses as Markdown. */
  body: string;
}

/** What every operation has in common would stand on each page anew. */
function withoutCommon(document: Document): Document {
  const { servers: _servers, security: _security, ...rest } = structuredClone(document);
  for (const { operation } of operationsOf(rest)) delete operation.security;
  return rest;
}

/**
 * What a rendered page says of an operation after its description, with headings from the second level on. A status
 * is a heading by its number alone.
 */
function partsOf(markdown: string, { id }: NamedOperation): string {
  const start = markdown.search(/^#### (Parameters|Request Body|Responses)$/m);
  if (start < 0) throw new Error(`The Markdown of ${id} has no parameters, request or responses.`);
  return markdown
    .slice(start)
    .replace(/^(#+) Status: (\d+) (.*)$/gm, "$1 $2\n\n$3")
    .replace(/^##(#{2,4}) /gm, "$1 ");
}

/** Every operation of a document as Markdown. */
export async function operationPages(document: Document, guides: Guide[]): Promise<OperationPage[]> {
  const samples = samplesOf(document);
  const renderer = await createOpenApiMarkdownRenderer(withoutCommon(document) as unknown as Record<string, unknown>);
  const pages: OperationPage[] = [];
  for (const named of operationsOf(document)) {
    pages.push({
      ...named,
      samples: samples.get(named.id) ?? [],
      guides: guides.filter(({ operations }) => operations.includes(named.id)),
      body: partsOf(await renderer.render({ operation: { operationId: named.id } }), named),
    });
  }
  return pages;
}

/** Writes the pages for the site's generator, each with what it shows besides its text in its head. */
export async function writeOperationPages(pages: OperationPage[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const page of pages) {
    const { id, method, path, samples, operation, guides, body } = page;
    const head = {
      title: operation.summary,
      description: operation.description,
      method: method.toUpperCase(),
      path,
      deprecated: operation.deprecated ?? false,
      samples,
      guides: guides.map(({ page, title }) => ({ page, title })),
      reference: addresses.reference(page),
      console: addresses.console(page),
    };
    await writeFile(join(folder, `${id}.md`), `---\n${stringify(head)}---\n\n${body}\n`);
  }
}
