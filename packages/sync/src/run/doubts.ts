import type { Resource } from "../tables/table-spec.ts";

/** Something that a list, or the details of many resources, reported and the sync did not accept. */
export interface SyncDoubt {
  resource: Resource;
  /**
   * `removals`: so many things at once are gone that it may be a filter, another account, or a fault of the gateway. They stay as they
   * are. `shortList`: the list says that it has more rows than it gives. `brokenList`: the list cannot be read to its end; what came is
   * kept. `noId`: rows by whose id nothing can be asked for.
   */
  kind: "removals" | "shortList" | "brokenList" | "noId";
  /** How many resources or rows are affected; 0 when unknown. */
  count: number;
  /** A sentence that says what was found and what to do. */
  message: string;
}

/** Up to this many removals of one resource are accepted at once. */
const MAX_REMOVALS = 10;
/** Up to this share of the known ones is accepted as well. */
const MAX_REMOVED_SHARE = 0.1;

/** Whether there are too many removals to accept without being told to. A single one is never too many. */
export const isTooMany = (gone: number, known: number): boolean =>
  known > 1 && (gone >= known || gone > Math.max(MAX_REMOVALS, known * MAX_REMOVED_SHARE));

/** The doubt about too many removals. */
export const removalsDoubt = (resource: Resource, count: number, known: number, where: string): SyncDoubt => ({
  ...{ resource, kind: "removals", count },
  message: `${count} of ${known} ${resource} ${where}. They are kept as they were, because so many at once can be a fault. If they have really ended, accept "removals" once.`,
});

/** The doubt about rows without a usable id, whose details cannot be requested. */
export const noIdDoubt = (resource: Resource, count: number): SyncDoubt => ({
  ...{ resource, kind: "noId", count },
  message: `${count} rows of the list of ${resource} have no usable id. They are not kept.`,
});
