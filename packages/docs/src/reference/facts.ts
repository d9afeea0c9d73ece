import type { FieldNode } from "@imcloud/openapi-tools/reference";

/** Something known of a field, in words and values. */
export interface FieldFact {
  label: string;
  /** In the order of the document; empty where the label says it all. */
  values: string[];
}

/** A value as JSON has it, but for texts, which need no quotes to be told from words. */
const written = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** The pattern of a bound; boundsOf writes it as code. */
const PATTERN = /^matches `(.*)`$/;

/** What narrows a field and what it looks like: known values, bounds, default, example. */
export function factsOf(field: FieldNode): FieldFact[] {
  const { values, isOpen, bounds, default: fallback, example, isRecursive } = field;
  const patterns = bounds.flatMap((bound) => PATTERN.exec(bound)?.[1] ?? []);
  const others = bounds.filter((bound) => !PATTERN.test(bound));
  const isShown = example !== undefined && !values.includes(example);
  return [
    ...(values.length
      ? [{ label: isOpen ? "Known values, others can come:" : "One of:", values: values.map(written) }]
      : []),
    ...(others.length
      ? [{ label: `${others.join(", ")}.`.replace(/^./, (first) => first.toUpperCase()), values: [] }]
      : []),
    ...(patterns.length ? [{ label: "Matches", values: patterns }] : []),
    ...(fallback === undefined ? [] : [{ label: "Default:", values: [written(fallback)] }]),
    ...(isShown ? [{ label: "Example:", values: [written(example)] }] : []),
    ...(isRecursive ? [{ label: "The same fields again.", values: [] }] : []),
  ];
}
