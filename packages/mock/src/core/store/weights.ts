import type { Change } from "./store.ts";

/** Bytes of an object, of a member, and of a text besides its characters, roughly. */
const OBJECT = 32;
const MEMBER = 16;

/** Bytes that a value takes in memory, roughly. */
function weightOf(value: unknown): number {
  if (typeof value === "string") return MEMBER + value.length;
  if (typeof value !== "object" || value === null) return MEMBER;
  let weight = OBJECT;
  // An array's items too: a list of them would be a copy.
  for (const name in value) weight += MEMBER + weightOf((value as Record<string, unknown>)[name]);
  return weight;
}

/** What callers have made a store hold, by record: what it began with and what its clock has brought is not counted. */
export class Weights {
  readonly #weights: Map<string, number>;
  #total: number;

  constructor(weights: ReadonlyMap<string, number> = new Map(), total = 0) {
    this.#weights = new Map(weights);
    this.#total = total;
  }

  /** The same weights, for a store that goes its own way from here on. */
  copy(): Weights {
    return new Weights(this.#weights, this.#total);
  }

  /** Bytes of all that was put. */
  get total(): number {
    return this.#total;
  }

  /** Weighs records that were put, and gives by how many bytes more they are held. */
  put(changes: readonly Change[]): { more: number; undo: () => void } {
    const before = changes.map(([kind, { id }]) => [`${kind} ${id}`, this.#weights.get(`${kind} ${id}`)] as const);
    const total = this.#total;
    for (const [at, [, row]] of changes.entries()) {
      const [key, weight = 0] = before[at] as (typeof before)[number];
      const now = weightOf(row);
      this.#weights.set(key, now);
      this.#total += now - weight;
    }
    return {
      more: this.#total - total,
      undo: () => {
        this.#total = total;
        for (const [key, weight] of before) {
          if (weight === undefined) this.#weights.delete(key);
          else this.#weights.set(key, weight);
        }
      },
    };
  }
}
