import type { FieldNode } from "@imcloud/openapi-tools/reference";
import { sourceSentence } from "@imcloud/openapi-tools/sources";
import { factsOf } from "../src/reference/facts.ts";

const indented = (text: string, margin: string) => text.replace(/\n(?=.)/g, `\n${margin}`);

const quoted = (value: string) => (value.includes("`") ? `\`\` ${value} \`\`` : `\`${value}\``);

/** What is known of a field beside its description, as sentences. */
function sentences(field: FieldNode): string {
  const facts = factsOf(field).map(({ label, values }) => {
    const listed = values.map(quoted).join(", ");
    return listed ? `${label} ${listed}.` : label;
  });
  const states = field.lifeCycle.map(({ name, next }) => `${quoted(name)}: ${next.map(quoted).join(", ") || "an end"}`);
  if (states.length) facts.push(`What can follow: ${states.join("; ")}.`);
  return [...facts, field.source && sourceSentence(field.source)].filter(Boolean).join(" ");
}

/**
 * Fields as a list of Markdown, what is in them below them.
 * @param told components whose fields are told elsewhere: they are named and not told again
 */
export function fieldsMarkdown(fields: FieldNode[], told: ReadonlySet<string> = new Set(), margin = ""): string {
  const lines = fields.map((field) => {
    const { name, type, nullable, required, deprecated, description, component } = field;
    const marks = [
      nullable ? `${type} or null` : type,
      ...(component ? [`\`${component}\``] : []),
      ...(required ? ["**required**"] : []),
      ...(deprecated ? ["**deprecated**"] : []),
    ];
    const text = indented(description.trim(), `${margin}  `);
    // After a list of values a sentence stands on its own.
    const gap = text.includes("\n") ? `\n\n${margin}  ` : " ";
    const line = `${margin}- \`${name}\` (${marks.join(", ")}): ${[text, sentences(field)].filter(Boolean).join(gap)}`;
    const isTold = component !== undefined && told.has(component);
    return field.fields.length && !isTold ? `${line}\n${fieldsMarkdown(field.fields, told, `${margin}  `)}` : line;
  });
  return lines.join("\n");
}
