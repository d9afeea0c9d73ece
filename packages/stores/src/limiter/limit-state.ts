/** The last report of a worker, and its calls of the last minute. */
interface Worker {
  /** When it last reported, by the engine's clock, in milliseconds. */
  seenAt: number;
  /** Its calls in progress. */
  underWay: number;
  /** Its waiting calls, and those of them with priority. */
  waiting: number;
  urgent: number;
  /** The places that it was given, for a fair share: see {@link joined}. */
  served?: number;
  /** The times at which its calls of the last minute were completed, oldest first. */
  completed: number[];
}

/** The calls of a key, shared by all its workers. Stored as JSON. */
export interface SharedLimit {
  workers: Record<string, Worker>;
  /** The completed calls of the last day, counted by parts of the day. */
  day: [begin: number, count: number][];
  /** When a 429 slowed all down, and to how many calls a minute. */
  slowed: { at: number; to: number };
  pausedUntil: number;
}

/** The limits of a key. */
export interface Limits {
  perMinute: number;
  perDay: number;
  /** The length of a minute in milliseconds, which only tests change. */
  minute: number;
}

/** A worker's report: what happened since the last one, and what it wants to send. */
export interface Report {
  worker: string;
  /** How many milliseconds ago each of its calls was completed. */
  completed: number[];
  underWay: number;
  waiting: number;
  urgent: number;
  /** The number of unused places. */
  unused?: number;
  /** A 429, if there was one: when its call was granted, by the engine's clock, and its `Retry-After` in seconds. */
  refused?: { grantedAt: number; retryAfter: number } | undefined;
}

/** The grant for a worker. */
export interface Grant {
  /** The number of calls to send now. */
  granted: number;
  /** Milliseconds until each call that it may send later. They count as in progress from now on. */
  later: number[];
  /** The engine's clock, in milliseconds. */
  now: number;
  /** Milliseconds until the next report. */
  askIn: number;
  /** The calls of all workers in this minute. */
  used: number;
  /** Seconds until the daily limit allows a call; 0 if it does. */
  dayIsFullFor: number;
  /** Milliseconds for which no worker may send after a 429; 0 without a pause. */
  pausedFor: number;
}

/** The number of parts of a day in which calls are counted. */
const PARTS_OF_DAY = 144;

/** Durations, in milliseconds. */
export interface Durations {
  day: number;
  /** The time in which a slowed limiter returns to its full speed. */
  recovery: number;
  /** The longest time between reports of a worker with waiting or active calls. */
  heartbeat: number;
  /** Places that become free within this time are granted in advance, so that the moment of a report does not matter. */
  ahead: number;
  /** A worker that has not reported for this long is late: its places go to others, and it catches up later. */
  late: number;
  /** A worker that has not reported for this long is gone: its calls count as completed. */
  gone: number;
}

/** The durations for a length of a minute. */
export const durations = (minute: number): Durations => ({
  day: minute * 1440,
  recovery: minute * 10,
  heartbeat: minute / 20,
  ahead: minute / 10,
  late: minute / 10,
  gone: minute / 4,
});

const empty = ({ perMinute }: Limits): SharedLimit => ({
  workers: {},
  day: [],
  slowed: { at: 0, to: perMinute },
  pausedUntil: 0,
});

/** The limit after its state was lost: any number of calls may have been made within the last minute. */
export const lostLimit = (now: number, limits: Limits): SharedLimit => ({
  ...empty(limits),
  pausedUntil: now + limits.minute,
});

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

const usedBy = (worker: Worker): number => worker.underWay + worker.completed.length;

function countInDay(limit: SharedLimit, at: number, count: number, day: number): void {
  const part = day / PARTS_OF_DAY;
  const begin = Math.floor(at / part) * part;
  const last = limit.day.at(-1);
  if (last && last[0] >= begin) last[1] += count;
  else limit.day.push([begin, count]);
}

/** Drops expired calls and workers that are gone. */
function expire(limit: SharedLimit, now: number, { minute }: Limits): void {
  const { day, gone } = durations(minute);
  for (const [name, worker] of Object.entries(limit.workers)) {
    // The engine's clock can be set back, so nothing may be later than now.
    worker.seenAt = Math.min(worker.seenAt, now);
    worker.completed = worker.completed.map((at) => Math.min(at, now + 1)).filter((at) => at > now - minute);
    if (now - worker.seenAt <= gone) continue;
    // A sleeping worker may have sent its calls as late as now.
    worker.completed.push(...Array.from({ length: worker.underWay }, () => now));
    if (worker.underWay) countInDay(limit, now, worker.underWay, day);
    Object.assign(worker, { underWay: 0, waiting: 0, urgent: 0 });
    if (worker.completed.length === 0) delete limit.workers[name];
  }
  limit.day = limit.day.filter(([begin]) => begin + day / PARTS_OF_DAY > now - day);
  limit.pausedUntil = Math.min(limit.pausedUntil, now + minute);
  limit.slowed.at = Math.min(limit.slowed.at, now);
}

function allowedNow({ slowed }: SharedLimit, now: number, { perMinute, minute }: Limits): number {
  const recovered = Math.min(1, (now - slowed.at) / durations(minute).recovery);
  return Math.floor(slowed.to + (perMinute - slowed.to) * recovered);
}

/** Shares of a minute that a worker can catch up on. It is behind by one where others came before it and took all places. */
const MADE_UP = 2;

/**
 * The number of places that a worker has had, as it counts when it asks. A worker that always had calls waiting catches up on all that it
 * missed. One that is new, or had nothing to send, cannot save up places: it counts as behind the least of the others by a few shares of a
 * minute at most.
 */
function joined({ workers }: SharedLimit, name: string, { perMinute }: Limits): number {
  const { served: own = 0, waiting: waited = 0 } = workers[name] ?? {};
  if (waited > 0) return own;
  const others = Object.entries(workers).filter(([other]) => other !== name);
  const served = (of: [string, Worker][]) => of.map(([, worker]) => worker.served ?? 0);
  const waiting = served(others.filter(([, worker]) => worker.waiting > 0));
  const level = waiting.length ? Math.min(...waiting) : Math.max(0, ...served(others));
  return Math.max(own, level - (MADE_UP * perMinute) / (others.length + 1));
}

function take(limit: SharedLimit, report: Report, now: number, limits: Limits): Worker {
  const before = limit.workers[report.worker];
  const worker: Worker = {
    seenAt: now,
    underWay: report.underWay,
    waiting: report.waiting,
    urgent: report.urgent,
    served: joined(limit, report.worker, limits) - (report.unused ?? 0),
    // A millisecond later, as clocks are cut to whole ones.
    completed: [...(before?.completed ?? []), ...report.completed.map((ago) => now - ago + 1)].sort((a, b) => a - b),
  };
  limit.workers[report.worker] = worker;
  if (report.completed.length) countInDay(limit, now, report.completed.length, durations(limits.minute).day);
  return worker;
}

/** A 429 all the same: others use the key too. Half as fast for all, and back within ten minutes. */
function slowDown(
  limit: SharedLimit,
  refused: NonNullable<Report["refused"]>,
  used: number,
  now: number,
  limits: Limits,
) {
  const { perMinute, minute } = limits;
  // Of several that were under way together, only the first slows down.
  if (refused.grantedAt > limit.slowed.at) {
    const to = Math.max(Math.ceil(perMinute / 10), Math.floor(Math.min(allowedNow(limit, now, limits), used) / 2));
    limit.slowed = { at: now, to };
  }
  limit.pausedUntil = Math.max(limit.pausedUntil, now + Math.min(refused.retryAfter * 1000, minute));
}

/** A place that is free now, or will be. */
interface Place {
  /** Milliseconds from now. */
  after: number;
  /** The call that has it until then: whose it was, and when it was completed. */
  of?: { worker: Worker; completedAt: number };
}

/** The places that are free, and those that will be in a moment, in the order of their times. */
function placesOf(limit: SharedLimit, now: number, free: number, { minute }: Limits): Place[] {
  const { ahead } = durations(minute);
  const later = Object.values(limit.workers)
    .flatMap((worker) => worker.completed.map((at) => ({ after: at + minute - now, of: { worker, completedAt: at } })))
    .filter(({ after }) => after <= ahead)
    .sort((one, other) => one.after - other.after);
  // Where more are taken than may be, the first that end only bring them down to the limit.
  return [...Array.from({ length: Math.max(0, free) }, () => ({ after: 0 })), ...later.slice(Math.max(0, -free))];
}

/**
 * Which of some places are a worker's: one at a time to the worker that was given the fewest, urgent calls before others. What is another's
 * is left to it, until it asks or is late. So it does not count who asks first, or how often.
 */
function share({ workers }: SharedLimit, name: string, places: Place[], now: number, { minute }: Limits): Place[] {
  const { late } = durations(minute);
  const claims = Object.entries(workers)
    .filter(([, { waiting, seenAt }]) => waiting > 0 && now - seenAt <= late)
    .map(([worker, each]) => ({
      worker,
      used: each.served ?? 0,
      urgent: each.urgent,
      others: each.waiting - each.urgent,
    }));
  return places.filter(() => {
    const kind = claims.some(({ urgent }) => urgent > 0) ? "urgent" : "others";
    const [next] = claims
      .filter((claim) => claim[kind] > 0)
      .sort((a, b) => a.used - b.used || (a.worker < b.worker ? -1 : 1));
    if (!next) return false;
    next[kind] -= 1;
    next.used += 1;
    return next.worker === name;
  });
}

/** Gives places to a worker: what is free later is its own from now on, and nobody else's when its time has come. */
function give(worker: Worker, places: readonly Place[]): void {
  for (const { of } of places) of?.worker.completed.splice(of.worker.completed.indexOf(of.completedAt), 1);
  worker.underWay += places.length;
  worker.waiting -= places.length;
  worker.urgent = Math.max(0, worker.urgent - places.length);
  worker.served = (worker.served ?? 0) + places.length;
}

/** Takes a worker's report, and grants what is free and fair. */
export function exchange(
  before: SharedLimit | undefined,
  report: Report,
  now: number,
  limits: Limits,
): { limit: SharedLimit; grant: Grant } {
  const limit = before ? structuredClone(before) : empty(limits);
  expire(limit, now, limits);
  const worker = take(limit, report, now, limits);
  const workers = Object.values(limit.workers);
  const used = sum(workers.map(usedBy));
  if (report.refused) slowDown(limit, report.refused, used, now, limits);

  const inDay = sum(limit.day.map(([, count]) => count)) + sum(workers.map(({ underWay }) => underWay));
  const pausedFor = Math.max(0, limit.pausedUntil - now);
  const free = allowedNow(limit, now, limits) - used;
  const places = pausedFor ? [] : placesOf(limit, now, free, limits).slice(0, Math.max(0, limits.perDay - inDay));
  const given = share(limit, report.worker, places, now, limits);
  give(worker, given);
  const later = given.filter(({ after }) => after > 0).map(({ after }) => after);
  const granted = given.length - later.length;

  const { day, heartbeat } = durations(limits.minute);
  const firstEnd = (limit.day[0]?.[0] ?? now) + day / PARTS_OF_DAY + day;
  const isDayFull = inDay + given.length >= limits.perDay;
  const dayIsFullFor = isDayFull ? Math.max(1, Math.ceil((firstEnd - now) / 1000)) : 0;
  const askIn = pausedFor ? Math.min(heartbeat, pausedFor) : heartbeat;
  return { limit, grant: { granted, later, now, askIn, used: used + granted, dayIsFullFor, pausedFor } };
}
