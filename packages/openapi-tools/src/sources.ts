import type { Document, Source } from "./document.ts";

const SENTENCES: Record<Source["certainty"], string | undefined> = {
  live: "Seen live",
  // The usual source, which needs no sentence.
  vendor: undefined,
  guide: "Only in the integration guide",
  assumed: "Assumed by this project; no source says it",
};

/** A sentence about the source of something; `undefined` if it is the vendor's document. */
export function sourceSentence({ certainty, facts = [], decision }: Source): string | undefined {
  const sentence = SENTENCES[certainty];
  if (!sentence) return undefined;
  const why = [...facts, ...(decision ? [`decision ${decision}`] : [])].join(", ");
  return `${sentence}${why && ` (${why})`}.`;
}

/** Adds the source to each description that is not the vendor's. */
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
