import type { Fact, Facts } from "./facts.ts";

export type Kind = "only theirs" | "only ours" | "type" | "values" | "required";

/** Where two documents, or a document and what was seen, say different things. */
export interface Difference {
  kind: Kind;
  place: string;
  ours: string;
  theirs: string;
  /** The decision, or the facts, that explain it. */
  decision?: string;
}

const typesIn = ({ types }: Fact) => types.join(" or ") || "anything";

/** What the document itself says of why it has something that the vendor's has not. */
const explanation = ({ source }: Fact): Pick<Difference, "decision"> => {
  const reason = source && (source.decision ?? source.facts?.join(", "));
  return reason ? { decision: reason } : {};
};

/** The place that another one is in, or below. */
const isBelow = (place: string, above: string) =>
  place.startsWith(above) && /^( · |\.|\[)/.test(place.slice(above.length));

/** Leaves out what is below a place that is left out as a whole. */
const outermost = (places: string[]) => {
  const found: string[] = [];
  for (const place of places) if (!found.some((above) => isBelow(place, above))) found.push(place);
  return found;
};

const missing = (from: Facts, other: Facts) => outermost([...from.keys()].filter((place) => !other.has(place)));

function inBoth(place: string, ours: Fact, theirs: Fact): Difference[] {
  const differences: Difference[] = [];
  const add = (kind: Kind, our: string, their: string) => differences.push({ kind, place, ours: our, theirs: their });
  if (ours.types.length && theirs.types.length && typesIn(ours) !== typesIn(theirs))
    add("type", typesIn(ours), typesIn(theirs));
  const [ourValues, theirValues] = [ours.values ?? [], theirs.values ?? []];
  const [more, less] = [
    theirValues.filter((value) => !ourValues.includes(value)),
    ourValues.filter((value) => !theirValues.includes(value)),
  ];
  if (more.length || less.length) add("values", less.join(", ") || "-", more.join(", ") || "-");
  if (ours.required !== theirs.required) {
    add("required", ours.required ? "required" : "optional", theirs.required ? "required" : "optional");
  }
  return differences;
}

/** What differs between two documents, place by place. */
export function compare(ours: Facts, theirs: Facts): Difference[] {
  return [
    ...missing(theirs, ours).map(
      (place): Difference => ({ kind: "only theirs", place, ours: "-", theirs: typesIn(theirs.get(place) as Fact) }),
    ),
    ...missing(ours, theirs).map((place): Difference => {
      const fact = ours.get(place) as Fact;
      return { kind: "only ours", place, ours: typesIn(fact), theirs: "-", ...explanation(fact) };
    }),
    ...[...ours].flatMap(([place, fact]) => {
      const their = theirs.get(place);
      return their ? inBoth(place, fact, their) : [];
    }),
  ].map((difference) =>
    // An operation has no type.
    difference.place.includes(" · ") ? difference : { ...difference, ours: "", theirs: "" },
  );
}
