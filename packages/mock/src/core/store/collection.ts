import { KeyIndex } from "./key-index.ts";
import type { StoredRecord } from "./records.ts";

/** Indexed keys of rows. A row may gain a key, but never loses one. */
export type Keys<T> = Readonly<Record<string, (row: T) => readonly string[]>>;

/** Iterates backwards without a copy, as callers often need only a few. */
function* backwards(places: readonly number[]): Generator<number, void, undefined> {
  for (let at = places.length - 1; at >= 0; at--) yield places[at] as number;
}

/** Indexes of rows by their keys, built on first use. */
class Index<T> {
  readonly #rows: readonly T[];
  readonly #keys: Keys<T>;
  readonly #groups = new Map<string, KeyIndex<T>>();

  constructor(rows: readonly T[], keys: Keys<T>) {
    this.#rows = rows;
    this.#keys = keys;
  }

  placesOf(name: string, value: string): readonly number[] {
    let groups = this.#groups.get(name);
    if (!groups) {
      const keysOf = this.#keys[name];
      if (!keysOf) throw new Error(`There is no key ${name}.`);
      groups = new KeyIndex(this.#rows, keysOf);
      this.#groups.set(name, groups);
    }
    return groups.of(value);
  }

  /** @param before the row that it replaces */
  put(row: T, place: number, before: T | undefined): void {
    for (const groups of this.#groups.values()) groups.add(row, place, before);
  }
}

/** The initial records of a store, oldest first. Immutable, and shared by stores. */
export class Base<T extends StoredRecord> {
  readonly rows: readonly T[];
  readonly index: Index<T>;
  readonly #places: ReadonlyMap<string, number>;

  constructor(rows: readonly T[], keys: Keys<T>) {
    this.rows = rows;
    this.index = new Index(rows, keys);
    this.#places = new Map(rows.map(({ id }, place) => [id, place]));
  }

  get(id: string): T | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.rows[place];
  }
}

/** The changes of a collection relative to its base. */
export interface CollectionState<T> {
  readonly added: readonly T[];
  readonly changed: ReadonlyMap<string, T>;
}

/** What a collection needs to know of its store. */
export interface CollectionOptions<T> {
  onChange: (row: T, before: T | undefined) => void;
  /** A record as it is by now, for one that changes with time alone. */
  now: (row: T) => T;
}

/** Records of one kind: those of the base, with changed and added ones. */
export class Collection<T extends StoredRecord> {
  readonly #base: Base<T>;
  readonly #keys: Keys<T>;
  readonly #options: CollectionOptions<T>;
  #added: T[] = [];
  #index: Index<T>;
  #places = new Map<string, number>();
  #changed = new Map<string, T>();

  constructor(base: Base<T>, keys: Keys<T>, options: CollectionOptions<T>) {
    this.#base = base;
    this.#keys = keys;
    this.#options = options;
    this.#index = new Index(this.#added, keys);
  }

  get size(): number {
    return this.#base.rows.length + this.#added.length;
  }

  /** A record as it was put. */
  #stored(id: string): T | undefined {
    const place = this.#places.get(id);
    return place === undefined ? (this.#changed.get(id) ?? this.#base.get(id)) : this.#added[place];
  }

  get(id: string): T | undefined {
    const row = this.#stored(id);
    return row && this.#options.now(row);
  }

  /** Adds a record, or replaces the one with its id. */
  put(row: T): T {
    const known = this.#places.get(row.id);
    const before = this.#stored(row.id);
    if (known === undefined && before) this.#changed.set(row.id, row);
    else {
      const place = known ?? this.#added.length;
      if (known === undefined) this.#places.set(row.id, place);
      this.#added[place] = row;
      this.#index.put(row, place, before);
    }
    this.#options.onChange(row, before);
    return row;
  }

  /** Undoes the last {@link put} of a record. Events that it scheduled no longer match the record's time, and do nothing. */
  undo(id: string, before: T | undefined): void {
    const place = this.#places.get(id);
    if (place === undefined) {
      if (before === undefined || before === this.#base.get(id)) this.#changed.delete(id);
      else this.#changed.set(id, before);
      return;
    }
    if (before) this.#added[place] = before;
    else {
      this.#added.length = place;
      this.#places.delete(id);
    }
    // Rebuilt, as it has keys of the removed record.
    this.#index = new Index(this.#added, this.#keys);
  }

  /** What a record of the base is by now. */
  #ofBase(row: T): T {
    return this.#options.now((this.#changed.size ? this.#changed.get(row.id) : undefined) ?? row);
  }

  #ofAdded(place: number): T {
    return this.#options.now(this.#added[place] as T);
  }

  /** Every record, newest first. */
  *newestFirst(): Generator<T, void, undefined> {
    for (let place = this.#added.length - 1; place >= 0; place--) yield this.#ofAdded(place);
    const { rows } = this.#base;
    for (let place = rows.length - 1; place >= 0; place--) yield this.#ofBase(rows[place] as T);
  }

  /** The records with a value of an indexed key, newest first. */
  *withKey(key: string, value: string): Generator<T, void, undefined> {
    for (const place of backwards(this.#index.placesOf(key, value))) yield this.#ofAdded(place);
    for (const place of backwards(this.#base.index.placesOf(key, value)))
      yield this.#ofBase(this.#base.rows[place] as T);
  }

  /** Records from an offset on, newest first, without a scan. */
  slice(offset: number, limit: number): T[] {
    const { rows } = this.#base;
    const slice: T[] = [];
    for (let at = offset; at < Math.min(this.size, offset + limit); at++) {
      const place = this.size - 1 - at;
      const isAdded = place >= rows.length;
      slice.push(isAdded ? this.#ofAdded(place - rows.length) : this.#ofBase(rows[place] as T));
    }
    return slice;
  }

  save(): CollectionState<T> {
    return { added: this.#added.slice(), changed: new Map(this.#changed) };
  }

  restore({ added, changed }: CollectionState<T>): void {
    this.#added = added.slice();
    this.#index = new Index(this.#added, this.#keys);
    this.#places = new Map(added.map(({ id }, place) => [id, place]));
    this.#changed = new Map(changed);
  }
}
