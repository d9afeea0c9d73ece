import { type Engine, engines } from "./engines.ts";
import { shareLimit } from "./limiter-workers.ts";
import type { Address } from "./open-store.ts";
import { killAll, type Outcome, startKills, sumUp } from "./outbox-kills.ts";

// The nightly tests of shared stores: `node test/stores/night.ts [limiter] [outbox] [SQLite] [PostgreSQL] [Redis] [runs]`. Without arguments
// it runs all. A run of the outbox kills a process at some step, and one or four others finish its work. There are a thousand runs, or the given
// number for each engine. A run has no time limit, but fails without progress.

const asked = process.argv.slice(2);
const isAsked = (name: string, ...others: string[]) =>
  asked.includes(name) || ![name, ...others].some((each) => asked.includes(each));
const runs = Number(asked.find((each) => /^\d+$/.test(each)) ?? 334);
/** Concurrent runs, as a run mostly waits. */
const AT_ONCE = 12;
/** Milliseconds of a claim's lease. */
const LEASE = 2_000;
const failed: string[] = [];

function hold(what: string, isTrue: boolean): void {
  console.log(`${isTrue ? "ok" : "!!"}  ${what}`);
  if (!isTrue) failed.push(what);
}

/**
 * Eight processes with one key for ten minutes of fifteen seconds each, once to their end, and once with two that are killed. A minute is
 * shortened only so far that the time of a call stays small beside it, on a busy machine too.
 */
async function limiter(name: string, address: Address): Promise<void> {
  for (const killed of [0, 2]) {
    const seen = await shareLimit(address, {
      minute: 15_000,
      minutes: 10,
      calls: 1_000,
      workers: 8,
      killed,
      killedAt: 200,
    });
    const { refused, signIns, problems } = seen;
    const { calls, allowed, shares, unfairness } = await seen.inTime();
    const of = `${name}, 8 processes of one key, ${killed} killed`;
    hold(`${of}: ${refused} refused, ${signIns} sign-in`, refused === 0 && signIns === 1 && problems.length === 0);
    hold(`${of}: ${calls} of ${allowed} calls`, calls >= 0.95 * allowed);
    hold(`${of}: shares ${shares}, ${(100 * unfairness).toFixed(1)} % apart`, unfairness <= 0.1);
    if (problems.length > 0) console.log(problems);
  }
}

async function outbox(name: string, address: Address): Promise<void> {
  const kills = await startKills(AT_ONCE + 2, LEASE);
  const outcomes: Outcome[] = [];
  const began = performance.now();
  const tell = (outcome: Outcome) => {
    outcomes.push(outcome);
    if (outcomes.length % 50 !== 0) return;
    const { killed, asked: all, placed, twice, lost } = sumUp(outcomes);
    const seconds = Math.round((performance.now() - began) / 1000);
    const counts = JSON.stringify({ killed, asked: all, placed, twice, lost });
    console.log(`${name}: ${outcomes.length} runs in ${seconds} s: ${counts}`);
  };
  try {
    const seeds = Array.from({ length: runs }, (_, index) => 7_000 + index);
    await killAll(kills, address, seeds, AT_ONCE, tell);
  } finally {
    await kills.stop();
    const { killedAt, ...counts } = sumUp(outcomes);
    const wrong = counts.twice.length + counts.lost.length + counts.notAsked.length;
    hold(`${name}, outbox: ${JSON.stringify(counts)}`, wrong === 0);
    console.table(Object.fromEntries(Object.entries(killedAt).sort()));
  }
}

const names = engines.map(({ name }) => name);
for (const { name, start, missing } of engines) {
  if (!isAsked(name, ...names)) continue;
  if (missing) {
    console.log(`--  ${name} was left out: ${missing}`);
    continue;
  }
  const engine: Engine = await start();
  try {
    if (isAsked("limiter", "outbox")) await limiter(name, engine.address);
    if (isAsked("outbox", "limiter")) await outbox(name, engine.address);
  } finally {
    await engine.stop();
  }
}
process.exitCode = failed.length ? 1 : 0;
