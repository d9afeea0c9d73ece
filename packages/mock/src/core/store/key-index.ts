/** Inserts a place into a sorted list by binary search, unless it is there. A customer may have thousands of orders. */
function insert(places: number[], place: number): void {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((places[middle] as number) < place) from = middle + 1;
    else to = middle;
  }
  if (places[from] !== place) places.splice(from, 0, place);
}

/** The places of rows by a key, in the rows' order. */
export class KeyIndex<T> {
  readonly #keysOf: (row: T) => readonly string[];
  readonly #places = new Map<string, number[]>();

  constructor(rows: readonly T[], keysOf: (row: T) => readonly string[]) {
    this.#keysOf = keysOf;
    for (const [place, row] of rows.entries()) this.add(row, place);
  }

  /**
   * Adds a row, or only its new keys.
   * @param before the row that it replaces, whose keys are indexed
   */
  add(row: T, place: number, before?: T): void {
    const known = before === undefined ? [] : this.#keysOf(before);
    for (const key of this.#keysOf(row)) {
      if (known.includes(key)) continue;
      const places = this.#places.get(key);
      if (!places) this.#places.set(key, [place]);
      else if (place > (places.at(-1) as number)) places.push(place);
      else insert(places, place);
    }
  }

  of(key: string): readonly number[] {
    return this.#places.get(key) ?? [];
  }
}
