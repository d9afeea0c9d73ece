import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durations, exchange, type Grant, type Limits, type Report, type SharedLimit } from "./limit-state.ts";

const MINUTE = 60_000;
const limits: Limits = { perMinute: 60, perDay: 5_000, minute: MINUTE };

/** One shared limit, and a clock that only the test moves. */
function shared(given: Partial<Limits> = {}) {
  let limit: SharedLimit | undefined;
  /** Places that a worker has and that are not free yet, by when they are. */
  const held = new Map<string, number[]>();
  return {
    now: 1_000_000_000_000,
    /** What is granted by now counts those places too that were given before, and are free now. */
    tell(report: Partial<Report> & { worker: string }): Grant {
      const places = held.get(report.worker) ?? [];
      const whole = { completed: [], waiting: 0, urgent: 0, ...report };
      const underWay = (report.underWay ?? 0) + places.length;
      const { limit: next, grant } = exchange(limit, { ...whole, underWay }, this.now, { ...limits, ...given });
      limit = JSON.parse(JSON.stringify(next)) as SharedLimit;
      const waiting = [...places.filter((at) => at > this.now), ...grant.later.map((after) => this.now + after)];
      held.set(report.worker, waiting);
      return { ...grant, granted: grant.granted + places.length + grant.later.length - waiting.length };
    },
  };
}

describe("exchange", () => {
  test("frees a place a minute after the call was completed", () => {
    const all = shared();
    expect(all.tell({ worker: "a", waiting: 70 }).granted).toBe(60);
    all.now += 500;
    expect(all.tell({ worker: "a", completed: Array(60).fill(0), waiting: 10 })).toMatchObject({ granted: 0 });
    all.now += MINUTE;
    expect(all.tell({ worker: "a", waiting: 10 }).granted).toBe(0);
    all.now += 1;
    expect(all.tell({ worker: "a", waiting: 0 }).granted).toBe(10);
  });

  /** Lets a minute go by after the calls that were granted, of which workers give signs of life, as they do. */
  function nextMinute(all: ReturnType<typeof shared>, waiting: Record<string, number>): void {
    for (let part = 0; part < 20; part++) {
      all.now += MINUTE / 20 - (part === 19 ? 1 : 0);
      for (const [worker, count] of Object.entries(waiting)) all.tell({ worker, waiting: count });
    }
    all.now += 3;
  }

  test("makes up for what a worker missed in the last minute, then shares evenly", () => {
    const all = shared();
    const waiting = { b: 200, a: 200 };
    // The first one there takes all places.
    expect(all.tell({ worker: "a", waiting: 200 }).granted).toBe(60);
    expect(all.tell({ worker: "b", waiting: 200 }).granted).toBe(0);
    all.tell({ worker: "a", completed: Array(60).fill(0), waiting: 200 });
    nextMinute(all, waiting);
    expect(all.tell({ worker: "a", waiting: 200 }).granted).toBe(0);
    expect(all.tell({ worker: "b", waiting: 200 }).granted).toBe(60);
    all.tell({ worker: "b", completed: Array(60).fill(0), waiting: 200 });
    nextMinute(all, waiting);
    expect(all.tell({ worker: "a", waiting: 200 }).granted).toBe(30);
    expect(all.tell({ worker: "b", waiting: 200 }).granted).toBe(30);
  });

  test("saves up no more than two shares of a minute for a worker that wanted nothing", () => {
    const all = shared();
    for (let minute = 0; minute < 10; minute++) {
      expect(all.tell({ worker: "a", waiting: 200 }).granted).toBe(60);
      all.tell({ worker: "a", completed: Array(60).fill(0), waiting: 200 });
      nextMinute(all, { b: 0, a: 0 });
    }
    all.tell({ worker: "b", waiting: 500 });
    expect(all.tell({ worker: "a", waiting: 200 }).granted).toBe(0);
    all.tell({ worker: "b", completed: Array(60).fill(0), waiting: 440 });
    nextMinute(all, { b: 440, a: 200 });
    expect(all.tell({ worker: "a", waiting: 200 }).granted).toBe(30);
  });

  test("gives a place away before it is free, to the worker that was given the fewest and not to the first that asks", () => {
    const all = shared({ perMinute: 2 });
    all.tell({ worker: "b", waiting: 0 });
    all.tell({ worker: "a", waiting: 2 });
    all.tell({ worker: "a", completed: [0, 0], waiting: 5 });
    all.now += MINUTE - 100;
    all.tell({ worker: "b", waiting: 1 });
    all.tell({ worker: "a", waiting: 5 });
    all.now += 1_000;
    expect(all.tell({ worker: "a", waiting: 5 }).granted).toBe(1);
    expect(all.tell({ worker: "b", waiting: 0 }).granted).toBe(1);
  });

  test("gives what would be the place of a worker that is late to others, and makes up for it", () => {
    const all = shared({ perMinute: 2 });
    all.tell({ worker: "b", waiting: 0 });
    all.tell({ worker: "a", waiting: 2 });
    all.tell({ worker: "b", waiting: 2 });
    all.tell({ worker: "a", completed: [0, 0], waiting: 5 });
    all.now += durations(MINUTE).late + 1;
    all.tell({ worker: "a", waiting: 5 });
    all.now += MINUTE - durations(MINUTE).late;
    expect(all.tell({ worker: "a", waiting: 5 }).granted).toBe(2);
    all.tell({ worker: "a", completed: [0, 0], waiting: 5 });
    nextMinute(all, { b: 2, a: 5 });
    expect(all.tell({ worker: "a", waiting: 5 }).granted).toBe(0);
    expect(all.tell({ worker: "b", waiting: 0 }).granted).toBe(2);
  });

  test("gives urgent calls of any worker the first places", () => {
    const all = shared({ perMinute: 2 });
    all.tell({ worker: "a", waiting: 0 });
    all.tell({ worker: "b", waiting: 0 });
    expect(all.tell({ worker: "a", waiting: 2 }).granted).toBe(2);
    all.tell({ worker: "a", completed: [0, 0], waiting: 5 });
    all.now += MINUTE - 1;
    all.tell({ worker: "b", waiting: 2, urgent: 2 });
    all.now += 2;
    expect(all.tell({ worker: "a", waiting: 5 }).granted).toBe(0);
    expect(all.tell({ worker: "b", waiting: 2, urgent: 2 }).granted).toBe(2);
  });

  test("gives the places of a worker that is gone to others, a minute after it was missed", () => {
    const all = shared({ perMinute: 4 });
    expect(all.tell({ worker: "dead", waiting: 4 }).granted).toBe(4);
    all.now += durations(MINUTE).gone + 1;
    expect(all.tell({ worker: "alive", waiting: 4 }).granted).toBe(0);
    all.now += MINUTE / 2;
    all.tell({ worker: "alive", waiting: 4 });
    all.now += MINUTE / 2 + 1;
    expect(all.tell({ worker: "alive", waiting: 4 }).granted).toBe(4);
  });

  test("halves the limit for all after a 429, and waits as long as Retry-After says", () => {
    const all = shared();
    const { now } = all.tell({ worker: "a", waiting: 40 });
    all.now += 100;
    all.tell({ worker: "a", completed: Array(40).fill(0), refused: { grantedAt: now, retryAfter: 20 } });
    expect(all.tell({ worker: "b", waiting: 100 }).granted).toBe(0);
    all.now += MINUTE + 1;
    const halved = all.tell({ worker: "b", waiting: 100 }).granted;
    expect(halved).toBeGreaterThanOrEqual(20);
    expect(halved).toBeLessThan(30);
    all.now += durations(MINUTE).recovery;
    all.tell({ worker: "b", completed: Array(halved).fill(0) });
    all.now += MINUTE + 1;
    expect(all.tell({ worker: "c", waiting: 100 }).granted).toBe(60);
  });

  test("says for how long the day is full, and has room again after a day", () => {
    const all = shared({ perDay: 3 });
    expect(all.tell({ worker: "a", waiting: 5 })).toMatchObject({ granted: 3 });
    const full = all.tell({ worker: "a", completed: [0, 0, 0], waiting: 2 });
    expect(full.granted).toBe(0);
    expect(full.dayIsFullFor).toBeGreaterThan(86_000);
    all.now += (full.dayIsFullFor + 1) * 1000;
    expect(all.tell({ worker: "a", waiting: 2 })).toMatchObject({ granted: 2, dayIsFullFor: 0 });
  });

  test("forgives a clock that was put back by an hour within a minute", () => {
    const all = shared({ perMinute: 2 });
    all.tell({ worker: "a", waiting: 2 });
    all.tell({ worker: "a", completed: [0, 0], waiting: 2 });
    all.now -= 3_600_000;
    expect(all.tell({ worker: "a", waiting: 2 }).granted).toBe(0);
    all.now += MINUTE + 1;
    expect(all.tell({ worker: "a", waiting: 2 }).granted).toBe(2);
  });
});

/** A step of some worker: time goes on, it completes some of its calls, and wants some more; or it dies. */
const step = fc.record({
  worker: fc.integer({ min: 0, max: 4 }),
  pause: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 20_000 })),
  completes: fc.integer({ min: 0, max: 20 }),
  wants: fc.integer({ min: 0, max: 40 }),
  /** Where in the way of its calls the API counts them: 0 when they are sent, 1 when they are completed. */
  countedAt: fc.double({ min: 0, max: 1, noNaN: true }),
  dies: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

describe("exchange, whatever workers do", () => {
  test("the API never counts more calls in any minute than are allowed", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const all = { now: 1_000_000_000_000 };
        let limit: SharedLimit | undefined;
        const tell = (report: Report): Grant => {
          const changed = exchange(limit, report, all.now, limits);
          limit = JSON.parse(JSON.stringify(changed.limit)) as SharedLimit;
          return changed.grant;
        };
        const underWay: { sentAt: number; countedAt: number }[][] = [[], [], [], [], []];
        const lastSeen = [0, 0, 0, 0, 0];
        const generation = [0, 0, 0, 0, 0];
        const counted: number[] = [];
        for (const { worker, pause, completes, wants, countedAt, dies } of steps) {
          all.now += pause;
          const mine = underWay[worker] ?? [];
          // One that was silent for so long was given up, and starts anew with another name.
          const wasGone = all.now - Number(lastSeen[worker]) > durations(MINUTE).gone;
          // What it has a place for later is sent by itself, also when it tells nothing any more.
          const isSent = (one: { sentAt: number }) => one.sentAt <= all.now;
          if (dies || wasGone) {
            counted.push(...mine.filter(isSent).map(({ sentAt }) => sentAt + 1));
            underWay[worker] = [];
            generation[worker] = Number(generation[worker]) + 1;
            lastSeen[worker] = all.now;
            continue;
          }
          const done = mine.filter(isSent).slice(0, completes);
          const open = mine.filter((one) => !done.includes(one));
          counted.push(...done.map((call) => call.sentAt + (all.now - call.sentAt) * call.countedAt));
          const { granted, later } = tell({
            worker: `${worker}.${generation[worker]}`,
            ...{ completed: done.map(() => 0), underWay: open.length, waiting: wants, urgent: 0 },
          });
          lastSeen[worker] = all.now;
          const sent = [...Array.from({ length: granted }, () => 0), ...later];
          underWay[worker] = [...open, ...sent.map((after) => ({ sentAt: all.now + after, countedAt }))];
        }
        counted.sort((a, b) => a - b);
        for (const [index, at] of counted.entries()) {
          const first = counted[index - limits.perMinute];
          if (first !== undefined) expect(at - first).toBeGreaterThanOrEqual(MINUTE);
        }
      }),
      { numRuns: 200 * Number(process.env.PROPERTY_RUNS ?? 1) },
    );
  });
});
