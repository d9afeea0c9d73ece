import type { Document, Source } from "./document.ts";

const SENTENCES: Record<Source["certainty"], string | undefined> = {
  live: "Seen live",
  // The usual source.
  vendor: undefined,
  guide: "Only in the integration guide",
  assumed: "Assumed by this project; no source says it",
};

/** A sentence on where something comes from, for a reader; nothing where the vendor says it. */
export function sourceSentence({ certainty, facts = [], decision }: Source): string | undefined {
  const sentence = SENTENCES[certainty];
  if (!sentence) return undefined;
  const why = [...facts, ...(decision ? [`decision ${decision}`] : [])].join(", ");
  return `${sentence}${why && ` (${why})`}.`;
}

/** A document whose descriptions end with where they come from, wherever that is not the vendor. */
export function withSources(document: Document): Document {
  const copy = structuredClone(document);
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const described = node as { description?: string; "x-source"?: Source };
    const sentence = described["x-source"] && sourceSentence(described["x-source"]);
    if (sentence) described.description = [described.description, sentence].filter(Boolean).join(" ");
    Object.values(node).forEach(visit);
  };
  visit({ paths: copy.paths, components: copy.components });
  return copy;
}
