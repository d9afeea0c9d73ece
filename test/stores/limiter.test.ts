import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { skipEach } from "../support/skip.ts";
import { type Engine, engines } from "./engines.ts";
import { shareLimit } from "./limiter-workers.ts";

// Eight processes over ten minutes, and their shares, are tried at night: `node test/stores/night.ts`.
describe.concurrent.each(engines)("a rate limit shared by $name", ({ name, start, missing }) => {
  // Connections to a server are tried in `stores.test.ts`: SQLite alone knows processes.
  const reason = missing ?? (isNightly || name === "SQLite" ? undefined : "tried at night");
  skipEach(reason);
  let engine: Engine;
  beforeAll(async () => {
    if (!reason) engine = await start();
  });
  afterAll(() => engine?.stop());

  test("processes with one key make no 429, also when one is killed on the way", async () => {
    // More calls than a minute allows.
    const sharing = { minute: 4_000, minutes: 100, calls: 40, workers: 3, killed: 1, killedAt: 20 };
    const { problems, refused, signIns, done } = await shareLimit(engine.address, sharing);
    expect({ problems, refused, signIns, done }).toEqual({ problems: [], refused: 0, signIns: 1, done: [40, 40] });
  }, 120_000);
});
