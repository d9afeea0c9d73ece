import type { ListCursor } from "@imcloud/client";
import { isRecordOf, type State } from "../store/state.ts";
import type { Resource } from "../tables/table-spec.ts";
import { dayOf } from "./budget.ts";

/** How far a list is read. */
export interface Scan {
  number: number;
  /** Where it goes on; `undefined` at its beginning. */
  cursor?: ListCursor | undefined;
  /** Rows that came. */
  place: number;
  /** It went on after the process ended, so that what left the list meanwhile may have pushed rows past it. */
  isResumed: boolean;
  isDone: boolean;
}

/** One way through the lists. What is to be read in detail outlives it. */
export interface Pass {
  /** The day in UTC on which it began. */
  day: string;
  scans: Partial<Record<Resource, Scan>>;
  /** States of open orders that were looked at. */
  statusesDone: string[];
  /** The calls that its lists took. */
  calls: number;
  listsDone: boolean;
  isDone: boolean;
}

const NAME = "pass";
const SCANS = "scans";

/** Numbers of scans, and the last one of each list that came to its end. */
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
 * The pass to go on with: the last one, unless it is done. What is left of an older day is still right, but newer things have come; so
 * the lists are read again, where they leave at least half of the day's calls for details.
 */
export function passFor(last: Pass | undefined, now: Date, perDay: number): Pass {
  const day = dayOf(now);
  const isOld = last?.listsDone && last.day !== day && last.calls * 2 <= perDay;
  if (last && !last.isDone && !isOld) return last;
  return { day, scans: {}, statusesDone: [], calls: 0, listsDone: false, isDone: false };
}

const EXCESS = "too-many-told";

const isExcess = isRecordOf<Partial<Record<Resource, number>>>({});

/** How many rows too many a list told of, when it was last read. */
export const readExcess = async (state: State, resource: Resource): Promise<number | undefined> =>
  (await state.read(EXCESS, isExcess))?.[resource];

export const writeExcess = async (state: State, resource: Resource, count: number): Promise<void> =>
  state.write(EXCESS, { ...(await state.read(EXCESS, isExcess)), [resource]: count });
