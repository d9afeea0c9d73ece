import { describe, expect, test } from "vitest";
import type { Query } from "../database/database.ts";
import { sqliteDatabase } from "../database/sqlite.ts";
import { stateOf } from "./state.ts";

const isNumber = (value: unknown): value is number => typeof value === "number";

/** A state in memory, whose reads are counted. */
async function openState(isAlone: boolean) {
  const { dialect, query } = sqliteDatabase(":memory:");
  await query("CREATE TABLE t_sync_state (name TEXT PRIMARY KEY, value TEXT)");
  let reads = 0;
  const counted: Query = (statement, parameters) => {
    if (statement.startsWith("SELECT")) reads += 1;
    return query(statement, parameters);
  };
  return { state: stateOf(counted, dialect, "t_", isAlone), query, reads: () => reads };
}

describe("stateOf", () => {
  test("reads all rows once in a transaction, and has what is written there", async () => {
    const { state, reads } = await openState(true);
    expect(await state.read("one", isNumber)).toBeUndefined();
    await state.write("one", 1);
    await state.write("one", 2);
    expect(await state.read("one", isNumber)).toBe(2);
    await state.write("other", 3);
    expect((await state.readAll("o", isNumber)).sort()).toEqual([2, 3]);
    expect(reads()).toBe(1);
  });

  test("reads again outside of one, as others write", async () => {
    const { state, query } = await openState(false);
    await state.write("one", 1);
    expect(await state.read("one", isNumber)).toBe(1);
    await query("UPDATE t_sync_state SET value = '2'");
    expect(await state.read("one", isNumber)).toBe(2);
  });
});
