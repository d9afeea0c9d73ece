import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { eachField, type FieldNode } from "@imcloud/openapi-tools/reference";
import { addresses } from "../src/addresses.ts";
import type { ObjectPage } from "../src/objects.ts";
import { operationGroups } from "../src/operations.ts";
import { textRoot } from "../src/site-config.ts";
import { type ErrorPage, errorMarkdown } from "./error-pages.ts";
import { fieldsMarkdown } from "./field-markdown.ts";
import type { Guide } from "./guides.ts";
import { operationMarkdown } from "./operation-markdown.ts";
import type { OperationPage } from "./operation-pages.ts";
import { type PageText, plainMarkdown, withIndexNote } from "./page-markdown.ts";

const ROOT = textRoot ?? "";

/** The address of the file that has all text. */
const FULL = "llms-full";

/** All that has a page on the site. */
export interface SiteTexts {
  guides: Guide[];
  operations: OperationPage[];
  objects: ObjectPage[];
  errors: ErrorPage[];
  /** Pages of the command line: only the index has them, as the decisions. */
  commands: PageText[];
  decisions: PageText[];
}

const linkTo = (page: string, title: string, text: string) => `- [${title}](${ROOT}${page}.md): ${text}`;

const linkToText = ({ page, title, description }: PageText) => linkTo(page, title, description);

/** Pages by what they stand under, in their order. */
function groups<T>(pages: T[], groupOf: (page: T) => string, line: (page: T) => string): string[] {
  const found = Map.groupBy(pages, groupOf);
  return [...found].flatMap(([label, members]) => [`## ${label}`, members.map(line).join("\n")]);
}

/** What people call the parts of the API, and what each is for. */
const partsOfApi = new Map(operationGroups.map((group) => [group.operations[0]?.resource, group]));

/**
 * All operations by the part of the API that they belong to.
 * @param isDescribed whether what a part is for stands below its title
 */
const operationGroupsOf = (pages: OperationPage[], isDescribed = false): string[] =>
  groups(
    pages,
    ({ resource }) => {
      const { label = resource, description } = partsOfApi.get(resource) ?? {};
      return `Operations: ${label}${isDescribed && description ? `\n\n${description}` : ""}`;
    },
    (page) => linkTo(addresses.page(page), page.operation.summary, `\`${page.method.toUpperCase()} ${page.path}\``),
  );

/** The index for language models: every page by its group, with a line about it. */
function index(document: Document, { guides, operations, objects, errors, commands, decisions }: SiteTexts): string {
  const parts = [
    `# ${document.info.title}`,
    `> ${document.info.description}`,
    "Every page is Markdown at the address given here, and a page for people at the same address with `.html`.",
    ...groups(
      guides,
      ({ group }) => `Guides: ${group}`,
      ({ page, title, description }) => linkTo(page, title, description),
    ),
    ...operationGroupsOf(operations),
    "## Objects",
    objects.map(({ name, page, description }) => linkTo(page, name, description.replaceAll("\n", " "))).join("\n"),
    "## Errors",
    errors.map(({ id, title, description }) => linkTo(`errors/${id}`, title, description)).join("\n"),
    "## Command line",
    [
      `- [All commands](${ROOT}commands.md): a list, with the options that all have and forms of output`,
      ...commands.map(linkToText),
    ].join("\n"),
    "## Decisions",
    decisions.map(linkToText).join("\n"),
    "## Files",
    [
      `- [The document](${ROOT}downloads/openapi.yaml): OpenAPI 3.1`,
      `- [The document as OpenAPI 3.0](${ROOT}downloads/openapi-3.0.yaml): for older tools`,
      `- [All operations](${ROOT}operations.md): with a page for each`,
      `- [Downloads](${ROOT}downloads.md): the document, a Postman collection, workflows`,
      `- [Home](${ROOT}index.md): the first steps`,
      `- [The TypeScript client](${ROOT}client.md): its options, errors, limits, lists and downloads`,
      `- [Workflows](${ROOT}workflows.md): what people come to do, step by step, as Arazzo`,
      `- [Changelog](${ROOT}changelog.md): what changed in the document`,
      `- [All text in one file](${ROOT}llms-full.txt): guides, operations and every schema once`,
    ].join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The fields of every schema that operations send or receive, each by the first operation that has it. */
function componentFields(pages: OperationPage[]): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  for (const { request, success } of pages) {
    for (const body of request ? [request, success] : [success]) {
      if (body.component && !found.has(body.component)) found.set(body.component, body.fields);
      for (const { component, fields } of eachField(body.fields)) {
        if (component && fields.length && !found.has(component)) found.set(component, fields);
      }
    }
  }
  return new Map([...found].sort(([one], [other]) => one.localeCompare(other)));
}

const ERROR = /^- `(\d{3})`: .*\n?/gm;

/** Writes each error once: where it comes again in the same words, only its status. */
function withErrorsOnce(texts: string[]): string[] {
  const told = new Set<string>();
  return texts.map((text) => {
    const again: string[] = [];
    const rest = text.replace(ERROR, (line, status) => {
      if (!told.has(line)) {
        told.add(line);
        return line;
      }
      again.push(`\`${status}\``);
      return "";
    });
    return rest.replace(
      "## Errors\n\n",
      `## Errors\n\n${again.length ? `${again.join(", ")}, as told before.\n\n` : ""}`,
    );
  });
}

/** All text of the site, each schema once: operations name theirs. */
function full(document: Document, { guides, operations, errors }: SiteTexts): string {
  const components = componentFields(operations);
  const told = new Set(components.keys());
  const schemas = [...components].map(([name, fields]) => `## ${name}\n\n${fieldsMarkdown(fields, told)}`);
  const parts = [
    `# ${document.info.title}\n\n> ${document.info.description}`,
    ...guides.map((guide) => plainMarkdown(guide, FULL)),
    ...withErrorsOnce(
      operations.map((page) => operationMarkdown(page, page.examples.slice(0, 1), { told, languages: ["curl"] })),
    ),
    ["# Schemas", "What operations send and receive, by name.", ...schemas].join("\n\n"),
    ...errors.map((page) => errorMarkdown(page, operations, FULL)),
  ];
  return `${parts.map((part) => part.trim()).join("\n\n---\n\n")}\n`;
}

/** Writes the site for language models: an index of it as `llms.txt`, and all its text as `llms-full.txt`. */
export async function llms(document: Document, texts: SiteTexts, output: string): Promise<void> {
  await writeFile(join(output, "llms.txt"), index(document, texts));
  await writeFile(join(output, "llms-full.txt"), full(document, texts));
  const operations = [
    "# All operations",
    "Every operation of the API, with a page for each.",
    ...operationGroupsOf(texts.operations, true),
  ];
  await writeFile(join(output, "operations.md"), withIndexNote("operations", `${operations.join("\n\n")}\n`));
}
