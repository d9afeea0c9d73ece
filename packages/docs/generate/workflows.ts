import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, type NamedOperation, operationsOf } from "@imcloud/openapi-tools/document";
import { workflowFiles } from "@imcloud/openapi-tools/files";
import { parse } from "yaml";
import { addresses } from "../src/addresses.ts";

interface Criterion {
  condition: string;
}

/** The parts of an Arazzo document that are shown. */
interface Arazzo {
  info: { title: string; description: string };
  workflows: {
    workflowId: string;
    summary: string;
    description: string;
    inputs?: { required?: string[]; properties?: Record<string, { description?: string }> };
    steps: { stepId: string; description?: string; operationId?: string; successCriteria?: Criterion[] }[];
  }[];
}

/** Every workflow as Markdown: what goes in, and its steps with what makes each a success. */
export async function workflowsPage(folder: string, document: Document): Promise<string> {
  const operations = new Map<string, NamedOperation>(operationsOf(document).map((named) => [named.id, named]));
  const sections: string[] = [];
  for (const file of await workflowFiles(folder)) {
    const { info, workflows }: Arazzo = parse(await readFile(join(folder, file), "utf8"));
    for (const { workflowId, description, inputs, steps } of workflows) {
      const rows = Object.entries(inputs?.properties ?? {}).map(
        ([name, input]) =>
          `- \`${name}\`${inputs?.required?.includes(name) ? "" : " (optional)"}: ${input.description}`,
      );
      const list = steps.map(({ stepId, description: what, operationId, successCriteria = [] }, index) => {
        const named = operationId && operations.get(operationId);
        const call = named ? ` [${named.operation.summary}](/${addresses.page(named)}):` : "";
        const criteria = successCriteria.map(({ condition }) => `\`${condition}\``).join(", ");
        return `${index + 1}. **${stepId}**${call} ${what ?? ""}${criteria ? ` Succeeds when ${criteria}.` : ""}`;
      });
      sections.push(
        [
          `## ${info.title}`,
          description,
          `[Download \`${file}\`](/downloads/${file}), workflow \`${workflowId}\`.`,
          `### What goes into ${info.title.toLowerCase()}`,
          rows.join("\n"),
          `### Steps of ${info.title.toLowerCase()}`,
          list.join("\n"),
        ].join("\n\n"),
      );
    }
  }
  return `---
title: Workflows
description: What people come to do with the API, step by step, as Arazzo documents that a machine can run.
---

Each workflow is an [Arazzo](https://spec.openapis.org/arazzo/latest.html) document. \`redocly respect\` runs them, and the tests of this
project run them against the mock.

${sections.join("\n\n")}
`;
}
