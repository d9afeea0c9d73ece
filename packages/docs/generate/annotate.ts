import { type Document, jsonContent, type RequestBody, resolve, type Schema } from "@imcloud/openapi-tools/document";
import type { Sample } from "@imcloud/openapi-tools/samples";
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

/** A request sample, as Redocly takes it. */
export interface CodeSample {
  lang: string;
  /** Its entry in Redocly's menu. */
  label: string;
  source: string;
}

const COMMENT: Record<Sample["lang"], string> = { curl: "#", TypeScript: "//", Python: "#", PowerShell: "#" };

/**
 * The samples of an operation for Redocly, whose menu of examples does not change the code: each example is an entry of the
 * languages' menu instead. Those of the first have the language's name alone, so that a language stays chosen from operation to
 * operation.
 */
export const codeSamplesOf = ({ examples }: Pick<OperationPage, "examples">): CodeSample[] =>
  examples.flatMap(({ summary, samples }, index) =>
    samples.map(({ lang, source }) => ({
      lang,
      label: index === 0 ? lang : `${lang}: ${summary}`,
      source: examples.length > 1 ? `${COMMENT[lang]} ${summary}\n${source}` : source,
    })),
  );

/** Leaves the first example of a request alone, as a menu of them would promise code for each. */
function keepFirstExample(body: RequestBody): void {
  const media = jsonContent(body.content);
  const [first] = Object.entries(media?.examples ?? {});
  if (media && first) media.examples = Object.fromEntries([first]);
}

/** The document as the reference shows it: with request samples, and with links to the rest of the site. */
export function annotate(document: Document, pages: OperationPage[]): Document {
  const annotated = structuredClone(document);
  for (const schema of schemasIn(annotated)) describeOpenEnum(schema);
  for (const page of pages) {
    const links = [
      `[On a page of its own, with a console](${addresses.page(page)}.html)`,
      ...(page.guides.length
        ? [`Guides: ${page.guides.map(({ page, title }) => `[${title}](${page}.html)`).join(" · ")}`]
        : []),
    ];
    const operation = annotated.paths[page.path]?.[page.method];
    if (!operation) continue;
    if (operation.requestBody) keepFirstExample(resolve(annotated, operation.requestBody));
    Object.assign(operation, {
      "x-codeSamples": codeSamplesOf(page),
      description: `${page.operation.description}\n\n${links.join("\n\n")}`,
    });
  }
  return annotated;
}
