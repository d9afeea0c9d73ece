import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LifeCycleState } from "@imcloud/openapi-tools/reference";
import { addresses } from "../src/addresses.ts";
import type { ObjectPage } from "../src/objects.ts";
import { fieldsMarkdown } from "./field-markdown.ts";
import { withIndexNote, withRelativeLinks } from "./page-markdown.ts";

const quoted = (names: string[]) => names.map((name) => `\`${name}\``).join(", ");

const stateText = ({ name, next }: LifeCycleState) =>
  `- \`${name}\` ${next.length ? `can become ${quoted(next)}` : "is an end"}`;

/** An object as Markdown, from its title on. Links lead from its own address. */
export function objectMarkdown({ page, name, component, description, fields, state, uses }: ObjectPage): string {
  const life = state && [
    "## Its life",
    `\`${state.place}\` tells the state, and begins as \`${state.lifeCycle[0]?.name}\`. Others can come.`,
    state.lifeCycle.map(stateText).join("\n"),
  ];
  const appears = uses.map(({ operation }) => {
    const { method, path, operation: itself } = operation;
    return `- [${itself.summary}](/${addresses.page(operation)}): \`${method.toUpperCase()} ${path}\``;
  });
  return [
    `# ${name}`,
    description,
    ...(life ?? []),
    "## Where it appears",
    withRelativeLinks(page, appears.join("\n")),
    "## Fields",
    `\`${component}\`:`,
    fieldsMarkdown(fields),
  ].join("\n\n");
}

/** Writes the pages of objects as Markdown, each under the page's own address. */
export async function writeObjectTexts(objects: ObjectPage[], output: string): Promise<void> {
  for (const object of objects) {
    const file = join(output, `${object.page}.md`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${withIndexNote(object.page, objectMarkdown(object))}\n`);
  }
}
