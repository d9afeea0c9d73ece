import type { BodyModel, OperationModel, ResponseModel } from "@imcloud/openapi-tools/reference";
import type { ExampleSamples } from "@imcloud/openapi-tools/samples";
import { sourceSentence } from "@imcloud/openapi-tools/sources";
import { fieldsMarkdown } from "./field-markdown.ts";

const PLACES = { path: "In the path", query: "In the query", header: "In headers", cookie: "In cookies" };

const HIGHLIGHT = { curl: "sh", TypeScript: "ts", Python: "python", PowerShell: "powershell" };

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;

/** How much an operation's text tells. */
export interface OperationTextOptions {
  /** Components that are told elsewhere in the same text. */
  told?: ReadonlySet<string>;
  /** The languages of its samples: all of them unless given. */
  languages?: string[];
}

function bodyText(body: BodyModel, told: ReadonlySet<string> | undefined): string {
  const { component, mediaTypes, fields } = body;
  const head = [...mediaTypes.map((type) => `\`${type}\``), ...(component ? [`\`${component}\``] : [])].join(", ");
  const isTold = component !== undefined && told?.has(component);
  return isTold || !fields.length ? `${head}.` : `${head}:\n\n${fieldsMarkdown(fields, told)}`;
}

const responseText = ({ status, description, source }: ResponseModel) =>
  [`\`${status}\`: ${description.replaceAll("\n", " ")}`, source && sourceSentence(source)].filter(Boolean).join(" ");

function samplesText(examples: ExampleSamples[], languages: string[] | undefined): string {
  const parts = examples.flatMap(({ summary, samples }) => [
    ...(summary ? [`### ${summary}`] : []),
    ...samples
      .filter(({ lang }) => !languages || languages.includes(lang))
      .flatMap(({ lang, source }) => [`${lang}:`, fenced(HIGHLIGHT[lang], source)]),
  ]);
  return ["## Samples", ...parts].join("\n\n");
}

/** An operation as Markdown, from its title on. */
export function operationMarkdown(
  operation: OperationModel,
  examples: ExampleSamples[],
  { told, languages }: OperationTextOptions = {},
): string {
  const { id, method, path, parameterGroups, request, success, errors, source } = operation;
  const isWhole = told === undefined;
  const { summary, description, deprecated } = operation.operation;
  const marks = [deprecated && "**Deprecated.**", source && sourceSentence(source)].filter(Boolean).join(" ");
  const [example] = success.examples;
  return [
    `# ${summary}`,
    `\`${method.toUpperCase()} ${path}\`, operation \`${id}\`.${marks && ` ${marks}`}`,
    description,
    ...(parameterGroups.length ? ["## Parameters"] : []),
    ...parameterGroups.flatMap((group) => [`${PLACES[group.in]}:`, fieldsMarkdown(group.fields)]),
    ...(request ? ["## Request", bodyText(request, told)] : []),
    "## Response",
    responseText(success),
    ...(isWhole && success.headers.length ? ["Headers:", fieldsMarkdown(success.headers)] : []),
    bodyText(success, told),
    ...(example && isWhole ? [fenced("json", JSON.stringify(example.value, null, 2))] : []),
    "## Errors",
    errors.map((error) => `- ${responseText(error)}`).join("\n"),
    samplesText(examples, languages),
  ].join("\n\n");
}
