import type { Resource } from "../tables/table-spec.ts";

/** What a list, or the details of many things, said that the sync did not take for true. */
export interface SyncDoubt {
  resource: Resource;
  /**
   * `removals`: so many things at once are gone that it may be a filter, another account, or a fault of the gateway. They stay as they
   * are. `shortList`: the list says that it has more rows than it gives. `brokenList`: the list cannot be read to its end; what came is
   * kept. `noId`: rows by whose id nothing can be asked for.
   */
  kind: "removals" | "shortList" | "brokenList" | "noId";
  /** How many things, or rows, it is about; 0 where nobody knows. */
  count: number;
  /** What was seen, and what to do, as a sentence. */
  message: string;
}

/** Things of one resource that can be gone at once without a doubt. */
const FEW = 10;
/** The share of all that are known that can. */
const SHARE = 0.1;

/** Whether so many of those that are known are gone that it is not believed unasked. One that is alone can end alone. */
export const isTooMany = (gone: number, known: number): boolean =>
  known > 1 && (gone >= known || gone > Math.max(FEW, known * SHARE));

/** The doubt that so many things are gone. */
export const removalsDoubt = (resource: Resource, count: number, known: number, where: string): SyncDoubt => ({
  ...{ resource, kind: "removals", count },
  message: `${count} of ${known} ${resource} ${where}. They are kept as they were, because so many at once can be a fault. If they have really ended, accept "removals" once.`,
});

/** Rows that nothing can be asked for by. */
export const noIdDoubt = (resource: Resource, count: number): SyncDoubt => ({
  ...{ resource, kind: "noId", count },
  message: `${count} rows of the list of ${resource} have no usable id. They are not kept.`,
});
