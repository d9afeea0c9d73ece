import type { ListCursor } from "@imcloud/client";
import { isRecordOf, type State } from "../store/state.ts";
import type { Resource } from "../tables/table-spec.ts";
import { dayOf } from "./budget.ts";

/** How far a list was read. */
export interface Scan {
  number: number;
  /** Where to continue; `undefined` for the beginning. */
  cursor?: ListCursor | undefined;
  /** How many rows were read. */
  place: number;
  /** It was continued by another process. Rows that left the list in between may have made it skip others. */
  isResumed: boolean;
  isDone: boolean;
}

/** One pass through all lists. The queue of details to read is kept beyond it. */
export interface Pass {
  /** The day in UTC on which it began. */
  day: string;
  scans: Partial<Record<Resource, Scan>>;
  /** The statuses of open orders that were checked. */
  statusesDone: string[];
  /** The calls that its lists needed. */
  calls: number;
  listsDone: boolean;
  isDone: boolean;
}

const NAME = "pass";
const SCANS = "scans";

/** The number of the last scan, and of the last complete scan of each list. */
export interface Scans {
  last: number;
  finished: Partial<Record<Resource, number>>;
}

const isScans = isRecordOf<Scans>({ last: "number", finished: "object" });

const isPass = isRecordOf<Pass>({
  ...({ day: "string", scans: "object", statusesDone: "object" } as const),
  ...({ calls: "number", listsDone: "boolean", isDone: "boolean" } as const),
});

export const readScans = async (state: State): Promise<Scans> =>
  (await state.read(SCANS, isScans)) ?? { last: 0, finished: {} };

export const writeScans = (state: State, scans: Scans): Promise<void> => state.write(SCANS, scans);

export const readPass = (state: State): Promise<Pass | undefined> => state.read(NAME, isPass);

export const writePass = (state: State, pass: Pass): Promise<void> => state.write(NAME, pass);

/**
 * The pass to continue: the last one, unless it is done. The queue of an earlier day is still valid, but there may be newer changes; so
 * the lists are read again if that leaves at least half of the day's calls for details.
 */
export function passFor(last: Pass | undefined, now: Date, perDay: number): Pass {
  const day = dayOf(now);
  const isOld = last?.listsDone && last.day !== day && last.calls * 2 <= perDay;
  if (last && !last.isDone && !isOld) return last;
  return { day, scans: {}, statusesDone: [], calls: 0, listsDone: false, isDone: false };
}

const EXCESS = "too-many-told";

const isExcess = isRecordOf<Partial<Record<Resource, number>>>({});

/** By how many rows the total of a list was too high when it was last read. */
export const readExcess = async (state: State, resource: Resource): Promise<number | undefined> =>
  (await state.read(EXCESS, isExcess))?.[resource];

export const writeExcess = async (state: State, resource: Resource, count: number): Promise<void> =>
  state.write(EXCESS, { ...(await state.read(EXCESS, isExcess)), [resource]: count });
