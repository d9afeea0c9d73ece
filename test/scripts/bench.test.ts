import { spawn } from "node:child_process";
import { Console } from "node:console";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Budget, byTurns, exactRow, isSteady, type Part, ratioOf, row } from "../bench/measure.ts";
import { printComparison, rowTable, verdictOf } from "../bench/report.ts";
import { compare, type PartRow, type Results, readResults } from "../bench/results.ts";
import { judge, runParts } from "../bench/run.ts";
import { isRunning } from "../support/is-running.ts";

const about = {
  commit: "c0ffee",
  machine: "2 × a core",
  cores: 2,
  load: 0,
  node: "v24.0.0",
  versions: { ky: "1.0.0" },
};

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-bench-test-"));
  file = join(folder, "results.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A console, and what was printed to it. */
function startLog() {
  const stream = new PassThrough();
  return { log: new Console(stream), printed: () => String(stream.read() ?? "") };
}

const budget = (more: Partial<Budget> = {}): Budget => ({ name: "b", ratio: 1, limit: 2, is: "at most", ...more });
const part = (more: Partial<Part> = {}): Part => ({
  rows: [row("a call", "us", "ms", [1, 2, 3])],
  budgets: [],
  ...more,
});

describe("byTurns", () => {
  /** Measures three contenders, of which budgets compare two, and names them in the order of their turns. */
  async function turnsOf(spreads: NonNullable<Budget["spread"]>[]) {
    const turns: string[] = [];
    const budgets = () => [budget({ spread: spreads.shift() ?? { low: 0, high: 1 }, contenders: ["us", "them"] })];
    const work = async (name: string) => turns.push(name);
    await byTurns(["us", "them", "others"], 2, work, budgets);
    return turns.join(" ");
  }
  const once = "us them others them others us";
  const again = "us them them us";
  const wide = { low: 1, high: 3 };

  test("measures each contender in each round, another one first", async () => {
    expect(await turnsOf([])).toBe(once);
  });

  test("repeats what a budget compares while the budget's limit is within its spread", async () => {
    expect(await turnsOf([wide])).toBe(`${once} ${again}`);
  });

  test("gives up after two repetitions", async () => {
    expect(await turnsOf([wide, wide, wide, wide])).toBe(`${once} ${again} ${again}`);
  });
});

describe("ratioOf", () => {
  test("compares round by round, so that a slow moment is no spread", () => {
    expect(ratioOf([1, 10, 2], [2, 20, 4])).toEqual({ ratio: 0.5, spread: { low: 0.5, high: 0.5 } });
  });

  test("leaves out rounds that one alone has", () => {
    expect(ratioOf([1, 1, 9], [2, 2])).toEqual({ ratio: 0.5, spread: { low: 0.5, high: 0.5 } });
  });

  test("takes a figure that does not vary", () => {
    expect(ratioOf([2, 4, 8], 2)).toEqual({ ratio: 2, spread: { low: 1, high: 4 } });
  });
});

describe("rowTable", () => {
  test.each([
    ["the middle half of its rounds and its share", row("w", "us", "ms", [90, 100, 100, 110]), "100 to 110 (10 %)"],
    ["that one round says nothing", row("w", "us", "ms", [1]), "unknown, as measured once"],
    ["that what is counted does not vary", exactRow("w", "us", "calls", 1), "exact"],
  ])("says how steady a row was: %s", (_, given, spread) => {
    expect(rowTable([given])[0]?.spread).toBe(spread);
  });
});

describe("verdictOf", () => {
  test.each([
    [budget(), "kept"],
    [budget({ is: "at least" }), "NOT KEPT"],
    [budget({ spread: { low: 0.5, high: 1.5 } }), "kept"],
    [budget({ spread: { low: 0.5, high: 2.5 } }), "not clear"],
    [budget({ ratio: 2.2, spread: { low: 1.9, high: 2.5 } }), "not clear"],
  ])("believes no budget whose spread has the limit in it: %o", (given, verdict) => {
    expect(verdictOf(given, false)).toBe(verdict);
    expect(isSteady(given)).toBe(verdict !== "not clear");
  });
});

test("verdictOf believes no time on the clock of a busy machine that is too long", () => {
  const slow = budget({ ratio: 3, spread: { low: 2.9, high: 3.1 }, isOnClock: true });
  expect([verdictOf(slow, false), verdictOf(slow, true)]).toEqual(["NOT KEPT", "not clear"]);
  expect(verdictOf(budget({ isOnClock: true }), true)).toBe("kept");
});

describe("runParts", () => {
  test("goes on past a part that fails, and writes the others", async () => {
    const { log, printed } = startLog();
    const fail = async () => {
      throw new Error("no room");
    };
    const good = async () => part({ budgets: [budget()] });
    const results = await runParts({ first: good, broken: fail, last: good }, { about, file, log });
    expect(results).toEqual(JSON.parse(await readFile(file, "utf8")));
    expect(results.parts.map(({ name, state }) => `${name} ${state}`)).toEqual([
      ...["first measured", "broken failed", "last measured"],
    ]);
    expect(results.rows.map((each) => each.part)).toEqual(["first", "last"]);
    expect(results.budgets.map((each) => each.part)).toEqual(["first", "last"]);
    expect(results).toMatchObject(about);
    expect(printed()).toContain("no room");
    expect(() => judge(results, false, log)).toThrow("Not measured, as the errors above say: broken.");
  });

  test("says each minute that it goes on", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const { log, printed } = startLog();
    const slow = async () => {
      vi.advanceTimersByTime(120_000);
      return part();
    };
    await runParts({ slow }, { about, file, log });
    expect(printed()).toMatch(/\n {2}60 s so far\n {2}120 s so far\n[\s\S]+slow took 120 s\.\n/);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("has written each part when the next one begins", async () => {
    const seen: string[] = [];
    const look = async () => {
      seen.push(
        await readFile(file, "utf8")
          .then(JSON.parse, () => ({ rows: [] }))
          .then(({ rows }) => String(rows.length)),
      );
      return part();
    };
    await runParts({ a: look, b: look, c: look }, { about, file, log: startLog().log });
    expect(seen).toEqual(["0", "1", "2"]);
  });

  test("keeps at a signal what was measured, and ends the processes and undoes the changes of the part that runs", async ({
    skip,
  }) => {
    skip(process.platform === "win32", "no signals here");
    const changed = join(folder, "changed");
    const bench = join(import.meta.dirname, "../bench");
    const program = `
      import { spawn } from "node:child_process";
      import { rmSync, writeFileSync } from "node:fs";
      import { endWithParent } from "${bench}/children.ts";
      import { exactRow } from "${bench}/measure.ts";
      import { runParts } from "${bench}/run.ts";
      import { undoAtExit } from "${bench}/undo.ts";
      const hang = async () => {
        const child = endWithParent(spawn("sleep", ["600"], { stdio: "ignore" }));
        writeFileSync("${changed}", "");
        undoAtExit(() => rmSync("${changed}"));
        console.log("pid", child.pid);
        await new Promise(() => {});
      };
      const quick = async () => ({ rows: [exactRow("calls", "us", "", 1)], budgets: [] });
      const about = { machine: "", cores: 2, load: 0, node: "", versions: {} };
      await runParts({ quick, hang, later: quick }, { about, file: ${JSON.stringify(file)}, log: console });
    `;
    const args = ["--no-warnings", "--input-type=module", "--eval", program];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const errors = text(child.stderr);
    const ended = once(child, "close");
    let seen = "";
    for await (const piece of child.stdout) {
      seen += piece;
      if (/pid \d+\n/.test(seen)) child.kill("SIGINT");
    }
    const [code] = await ended;
    expect([code, await errors]).toEqual([
      130,
      `Interrupted. ${file} has what was measured: quick. Missing: hang, later.\n`,
    ]);
    expect((await readResults(file)).rows).toHaveLength(1);
    expect(existsSync(changed)).toBe(false);
    const pid = Number(/pid (\d+)\n/.exec(seen)?.[1]);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

/** Results with these rows. */
const resultsOf = (rows: PartRow[], more: Partial<Results> = {}): Results => ({
  ...{ date: "2026-11-27T00:00:00.000Z", ...about, parts: [{ name: "calls", state: "measured" }], rows, budgets: [] },
  ...more,
});
const calls = (who: string, ...rounds: number[]): PartRow => ({ part: "calls", ...row("a call", who, "ms", rounds) });

describe("judge", () => {
  const budgets = [
    { part: "a", ...budget({ name: "far", ratio: 3, spread: { low: 2.9, high: 3.1 } }) },
    { part: "a", ...budget({ name: "near", ratio: 2.1, spread: { low: 1.9, high: 2.3 } }) },
  ];

  test("throws by --check for a budget that is clearly not kept, and names what is not clear", () => {
    const { log, printed } = startLog();
    expect(() => judge(resultsOf([], { budgets }), true, log)).toThrow("Not kept: far.");
    expect(printed()).toMatch(/^Not clear, .+: near\.\n$/);
    expect(() => judge(resultsOf([], { budgets: budgets.slice(1) }), true, log)).not.toThrow();
  });

  test("ends no run for a budget without --check", () => {
    expect(() => judge(resultsOf([], { budgets }), false, startLog().log)).not.toThrow();
  });
});

describe("compare", () => {
  test("finds what differs by more than both spreads", () => {
    const before = resultsOf([calls("slower", 1, 1, 2), calls("as before", 1, 2, 3), calls("gone", 1, 1)]);
    const now = resultsOf([calls("slower", 3, 3, 4), calls("as before", 2, 3, 4), calls("new", 1, 1)]);
    const found = compare(before, now);
    expect(found.changes.map((change) => change.now.who)).toEqual(["slower"]);
    expect([found.compared, found.gone, found.added]).toEqual([2, [before.rows[2]], [now.rows[2]]]);
    const { log, printed } = startLog();
    printComparison(found, log);
    expect(printed()).toContain("1 of 2 rows differ by more than their spreads.\n");
  });

  test("believes no single round, but what is counted", () => {
    const counted = (value: number): PartRow => ({ part: "calls", ...exactRow("calls", "us", "", value) });
    const found = compare(resultsOf([calls("once", 1), counted(1)]), resultsOf([calls("once", 9), counted(2)]));
    expect(found.changes.map((change) => change.now.who)).toEqual(["us"]);
  });

  test("misses no rows of parts that were not measured", () => {
    const before = resultsOf([{ ...calls("us", 1), part: "mocks" }]);
    expect(compare(before, resultsOf([])).gone).toEqual([]);
  });

  test("says what else is different", () => {
    const now = resultsOf([], { node: "v26.0.0", versions: { ky: "2.0.0" } });
    expect(compare(resultsOf([]), now).differences).toEqual([
      "The earlier run was on another node (v24.0.0), so that times say little.",
      "ky was 1.0.0, and is 2.0.0.",
    ]);
  });
});

describe("readResults", () => {
  test.each(["{}", "no JSON", '{"rows":[{"what":"of an older bench"}]}'])(
    "refuses what is none: %s",
    async (content) => {
      await writeFile(file, content);
      await expect(readResults(file)).rejects.toThrow(
        `${file} has no results of this bench: name the results.json of an earlier run.`,
      );
    },
  );

  test("says that a file is missing", async () => {
    await expect(readResults(file)).rejects.toThrow(
      `${file} cannot be read (ENOENT): name the results.json of an earlier run.`,
    );
  });
});
