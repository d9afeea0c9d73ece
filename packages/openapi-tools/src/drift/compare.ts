import type { Fact, Facts } from "./facts.ts";

export type Kind =
  | "only theirs"
  | "only ours"
  | "type"
  | "values"
  | "required"
  | "format"
  | "pattern"
  | "bounds"
  | "default"
  | "deprecated"
  | "example";

/** A difference between two documents, or between a document and recorded calls. */
export interface Difference {
  kind: Kind;
  place: string;
  ours: string;
  theirs: string;
  /** The decision, or the facts, that explain it. */
  decision?: string;
}

/** Says why a value does not fit our fact; `undefined` if it does. */
export type FindViolation = (fact: Fact, value: unknown) => string | undefined;

const typesIn = ({ types }: Fact) => types.join(" or ") || "anything";

/** The document's own explanation for something that the vendor's does not have. */
const explanation = ({ source }: Fact): Pick<Difference, "decision"> => {
  const reason = source && (source.decision ?? source.facts?.join(", "));
  return reason ? { decision: reason } : {};
};

/** Whether a place is below another. */
const isBelow = (place: string, above: string) =>
  place.startsWith(above) && /^( · |\.|\[)/.test(place.slice(above.length));

/** The outermost of some places. */
const outermost = (places: string[]) => {
  const found: string[] = [];
  for (const place of places) if (!found.some((above) => isBelow(place, above))) found.push(place);
  return found;
};

const missing = (from: Facts, other: Facts): Fact[] =>
  outermost([...from.keys()].filter((place) => !other.has(place))).map((place) => from.get(place) as Fact);

const BOUNDS = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"];

const boundsOf = ({ constraints }: Fact) =>
  BOUNDS.filter((bound) => constraints[bound] !== undefined)
    .map((bound) => `${bound} ${constraints[bound]}`)
    .join(", ") || "-";

/** How each further kind of difference reads a fact. */
const SAID: Partial<Record<Kind, (fact: Fact) => string>> = {
  format: ({ constraints }) => String(constraints.format ?? "-"),
  pattern: ({ constraints }) => String(constraints.pattern ?? "-"),
  bounds: boundsOf,
  default: (fact) => (fact.default === undefined ? "-" : JSON.stringify(fact.default)),
  deprecated: ({ deprecated }) => (deprecated ? "deprecated" : "-"),
  required: ({ required }) => (required ? "required" : "optional"),
};

function inBoth(ours: Fact, theirs: Fact, findViolation: FindViolation | undefined): Difference[] {
  const differences: Difference[] = [];
  const { place } = ours;
  const add = (kind: Kind, our: string, their: string) => differences.push({ kind, place, ours: our, theirs: their });
  if (ours.types.length && theirs.types.length && typesIn(ours) !== typesIn(theirs))
    add("type", typesIn(ours), typesIn(theirs));
  const [ourValues, theirValues] = [ours.values ?? [], theirs.values ?? []];
  const [more, less] = [
    theirValues.filter((value) => !ourValues.includes(value)),
    ourValues.filter((value) => !theirValues.includes(value)),
  ];
  if (more.length || less.length) add("values", less.join(", ") || "-", more.join(", ") || "-");
  for (const [kind, said] of Object.entries(SAID)) {
    if (said(ours) !== said(theirs)) add(kind as Kind, said(ours), said(theirs));
  }
  for (const example of theirs.examples) {
    const why = findViolation?.(ours, example);
    if (why) add("example", why, JSON.stringify(example));
  }
  return differences;
}

/**
 * The differences of two documents, place by place.
 * @param findViolation also finds their examples that our schemas refuse
 */
export function compare(ours: Facts, theirs: Facts, findViolation?: FindViolation): Difference[] {
  return [
    ...missing(theirs, ours).map(
      (fact): Difference => ({ kind: "only theirs", place: fact.place, ours: "-", theirs: typesIn(fact) }),
    ),
    ...missing(ours, theirs).map(
      (fact): Difference => ({
        kind: "only ours",
        place: fact.place,
        ours: typesIn(fact),
        theirs: "-",
        ...explanation(fact),
      }),
    ),
    ...[...ours].flatMap(([key, fact]) => {
      const their = theirs.get(key);
      return their ? inBoth(fact, their, findViolation) : [];
    }),
  ].map((difference) =>
    // An operation has no type.
    difference.place.includes(" · ") ? difference : { ...difference, ours: "", theirs: "" },
  );
}
