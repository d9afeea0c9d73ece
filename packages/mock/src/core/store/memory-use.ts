import type { Kind } from "./records.ts";
import type { Change } from "./store.ts";

/** The approximate overhead in bytes of an object, of a member, and of a text. */
const OBJECT = 32;
const MEMBER = 16;

/** The approximate bytes of a value in memory. */
function weightOf(value: unknown): number {
  if (typeof value === "string") return MEMBER + value.length;
  if (typeof value !== "object" || value === null) return MEMBER;
  let weight = OBJECT;
  // Object.values is four times as fast as a loop over names, and each write is weighed.
  for (const member of Array.isArray(value) ? value : Object.values(value)) weight += MEMBER + weightOf(member);
  return weight;
}

/** The weights of records by their kind and id. */
type ByKind = Map<Kind, Map<string, number>>;

/** The bytes of the records that callers have changed. Initial records and those of clock events do not count. */
export class MemoryUse {
  readonly #weights: ByKind = new Map();
  #total = 0;

  /** A copy for a snapshot. */
  copy(): MemoryUse {
    const copy = new MemoryUse();
    for (const [kind, weights] of this.#weights) copy.#weights.set(kind, new Map(weights));
    copy.#total = this.#total;
    return copy;
  }

  /** The bytes of all weighed records. */
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

  /** Weighs changed records, and returns by how many bytes the total grew. */
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
