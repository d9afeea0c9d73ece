import type { Kind } from "./records.ts";
import type { Change } from "./store.ts";

/** Bytes of an object, of a member, and of a text besides its characters, roughly. */
const OBJECT = 32;
const MEMBER = 16;

/** Bytes that a value takes in memory, roughly. */
function weightOf(value: unknown): number {
  if (typeof value === "string") return MEMBER + value.length;
  if (typeof value !== "object" || value === null) return MEMBER;
  let weight = OBJECT;
  // A loop over names takes four times as long: each write is weighed. An array's items need no list.
  for (const member of Array.isArray(value) ? value : Object.values(value)) weight += MEMBER + weightOf(member);
  return weight;
}

/** The weights of records by their kind and id. */
type ByKind = Map<Kind, Map<string, number>>;

/** What callers have made a store hold, by record: what it began with and what its clock has brought is not counted. */
export class Weights {
  readonly #weights: ByKind = new Map();
  #total = 0;

  /** The same weights, for a store that goes its own way from here on. */
  copy(): Weights {
    const copy = new Weights();
    for (const [kind, weights] of this.#weights) copy.#weights.set(kind, new Map(weights));
    copy.#total = this.#total;
    return copy;
  }

  /** Bytes of all that was put. */
  get total(): number {
    return this.#total;
  }

  #of(kind: Kind): Map<string, number> {
    let weights = this.#weights.get(kind);
    if (!weights) {
      weights = new Map();
      this.#weights.set(kind, weights);
    }
    return weights;
  }

  /** Weighs records that were put, each once, and gives by how many bytes more they are held. */
  put(changes: readonly Change[]): { more: number; undo: () => void } {
    const total = this.#total;
    const before = changes.map(([kind, row]) => {
      const weights = this.#of(kind);
      const known = weights.get(row.id);
      const weight = weightOf(row);
      weights.set(row.id, weight);
      this.#total += weight - (known ?? 0);
      return known;
    });
    const undo = () => {
      this.#total = total;
      for (const [at, [kind, { id }]] of changes.entries()) {
        const known = before[at];
        if (known === undefined) this.#of(kind).delete(id);
        else this.#of(kind).set(id, known);
      }
    };
    return { more: this.#total - total, undo };
  }
}
