import { iterable, readable } from "@imcloud/options";

/** What a row says of itself that does not change. Two rows with one id that differ here are two rows. */
const LASTING = ["creationDate", "orderNumber", "externalId", "customerId", "mpn", "name"] as const;

type Row = { readonly id?: unknown } & { readonly [member in (typeof LASTING)[number]]?: unknown };

/** Whether an id tells its row from every other: a number beyond this was rounded when it was parsed. */
export const isPrecise = (id: unknown): boolean => (typeof id === "string" && id !== "") || Number.isSafeInteger(id);

/** What a row is known again by: its id and what lasts. `undefined` where it has no id. */
export const identityOf = ({ id, ...rest }: Row): unknown[] | undefined =>
  id === undefined || id === null ? undefined : [String(id), ...LASTING.map((name) => rest[name])];

/** Whether two rows with the same id are the same row, as far as they can be compared. */
function isSame(one: Row, other: Row, id: unknown): boolean {
  const isText = (value: unknown) => /^(string|number)$/.test(typeof value);
  const comparable = LASTING.filter((name) => isText(one[name]) && isText(other[name]));
  return (
    (isPrecise(id) || comparable.length > 0) && comparable.every((name) => String(one[name]) === String(other[name]))
  );
}

/** Rows with one id that are remembered: a list that has more of them has no ids. */
const MAX_ALIKE = 50;

/** Rows that came before, to recognize them when they come again. A row without an id is never recognized. */
export class SeenRows {
  readonly #rows = new Map<string, Row[]>();

  add(row: object): void {
    const { id, ...rest }: Row = row;
    if (id === undefined || id === null) return;
    // Whole rows would be held in memory.
    const lasting = Object.fromEntries(LASTING.map((name) => [name, rest[name]]));
    const known = this.#rows.get(String(id));
    if (!known) this.#rows.set(String(id), [lasting]);
    else if (known.length < MAX_ALIKE) known.push(lasting);
  }

  /** The rows as plain data, for {@link SeenRows.fromJSON}. */
  toJSON(): [id: string, rows: Row[]][] {
    return [...this.#rows];
  }

  /** The rows that {@link toJSON} gave. */
  static fromJSON(rows: [id: string, rows: Row[]][]): SeenRows {
    const seen = new SeenRows();
    for (const [id, each] of rows) seen.#rows.set(id, each);
    return seen;
  }

  has(row: object): boolean {
    const { id }: Row = row;
    return (this.#rows.get(String(id)) ?? []).some((before) => isSame(before, row, id));
  }
}

/**
 * Rows without those that came twice, as rows do that others pushed on while a list was read. Those without an id all stay.
 * @throws {@link TypeError} for what is no row
 */
export function distinctRows<T extends object>(rows: Iterable<T>): T[] {
  iterable(rows, "distinctRows");
  const seen = new SeenRows();
  const distinct: T[] = [];
  for (const row of rows) {
    readable("an object")(row, "A row of distinctRows");
    if (seen.has(row)) continue;
    seen.add(row);
    distinct.push(row);
  }
  return distinct;
}
