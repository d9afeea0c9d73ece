/** A line of a table, by the names of its columns. */
export type Row = Record<string, string>;

/** A table of facts, one object a line, by the names of its columns. */
export function facts(name: string): Row[];

/** The table of a decision whose first column has the given name. */
export function decisionTable(file: string, firstColumn: string): Row[];

/** The numbers of all decisions. */
export function decisions(): string[];

/** The ids of all facts that have one. */
export function factIds(): Set<string>;
