import type { Source } from "@imcloud/openapi-tools/document";
import { decisionOf } from "./decisions.ts";

/** How sure the documents are of something, for a badge. */
export const certainties: Record<Source["certainty"], { label: string; meaning: string }> = {
  live: { label: "seen live", meaning: "Seen in calls to an installation, or relied on by a client in production" },
  vendor: { label: "vendor's pages", meaning: "On a page of the vendor's or of a distributor, not in its document" },
  guide: { label: "guide only", meaning: "In the integration guide alone" },
  assumed: { label: "assumed", meaning: "No source says it: this project decided it, and it can be wrong" },
};

/** Decision 8 says what the words of a badge mean; it is where a badge leads that has neither a decision nor a fact of its own. */
const MEANINGS = "0008";

/** What a badge says, and where it leads: to the decision, or else to the first of its facts. */
export function badgeOf({ certainty, facts = [], decision }: Source) {
  const { label, meaning } = certainties[certainty];
  const { number, title, page } = decisionOf(decision ?? MEANINGS);
  const why = [...(facts.length ? [facts.join(", ")] : []), `decision ${Number(number)}: ${title}`];
  const [fact] = facts;
  const href = !decision && fact ? `/evidence#${fact.toLowerCase()}` : `/${page}`;
  return { certainty, label, href, title: `${meaning}. ${why.join("; ")}.` };
}
