import { NO_LINKS } from "../operations/report-links.ts";
import { optionError } from "../option-names.ts";
import { MAX_TIME } from "../store/clock.ts";
import { type Seed, Store, seedOf } from "../store/store.ts";
import { DEFAULT_TIME } from "./default-time.ts";
import { checkFixturesShown, type Fixtures, fixtureRows, type PlaceOf } from "./fixtures.ts";
import { type HttpArchive, recordingOf } from "./replay.ts";
import { checkStart, type Size, seedFor } from "./seeds.ts";

/** What a store is to start from. */
export interface StartOptions {
  fixtures?: Fixtures | undefined;
  replay?: HttpArchive | undefined;
  size?: Size | undefined;
  seed?: number | undefined;
  time?: Date | undefined;
}

const MIN_TIME = Date.parse("0001-01-01T00:00:00Z");

const canStart = (time: number): boolean => time >= MIN_TIME && time < MAX_TIME;

/** @throws {@link TypeError} for a clock of own data that no date of the API could tell */
function checkOwnStart(time: Date | undefined): void {
  if (time === undefined || canStart(time.getTime())) return;
  throw optionError(TypeError, (of) => `${of("time")} takes a date of the years 1 to 8999; got ${time.toISOString()}.`);
}

/** @throws {@link TypeError} that names the place of each fault */
function ownSeed(fixtures: Fixtures, start: number, placeOf?: PlaceOf): Seed {
  const rows = fixtureRows(fixtures, start, placeOf && { placeOf });
  const seed = seedOf(start, rows);
  checkFixturesShown(rows, { store: new Store(seed), links: NO_LINKS }, placeOf);
  return seed;
}

/**
 * What a store starts from: fixtures, the data of a recording, or generated data of a size. @throws {@link TypeError} for two of these at
 * once, for a time before the data ends, and for each fault of the data
 */
export function startOf({ fixtures, replay, size, seed, time }: StartOptions): Seed {
  if (fixtures && replay) {
    throw optionError(TypeError, (of) => `Give ${of("fixtures")} or ${of("replay")}: each is all that there is.`);
  }
  const given = fixtures ? "fixtures" : replay ? "replay" : undefined;
  if (given && size !== undefined) {
    throw optionError(TypeError, (of) => `Give ${of(given)} or ${of("size")}: ${of(given)} is all that there is.`);
  }
  if (given) checkOwnStart(time);
  if (replay) {
    const recording = recordingOf(replay, canStart);
    const start = time?.getTime() ?? recording.time ?? DEFAULT_TIME;
    return ownSeed(recording.fixtures, start, recording.placeOf);
  }
  if (fixtures) return ownSeed(fixtures, time?.getTime() ?? DEFAULT_TIME);
  checkStart(time);
  return seedFor(size ?? "small", seed ?? 42);
}
