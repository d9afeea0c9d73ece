import { expect, test } from "vitest";
import { sqliteRecords } from "./sqlite.ts";

test("takes a record that was removed and made again for another one", async () => {
  const records = sqliteRecords(":memory:", "imcloud_");
  await records.migrate();
  expect(await records.write("claims", "1", "of one", 0)).toBe(true);
  const { version } = await records.read("claims", "1");
  expect(await records.write("claims", "1", undefined, version)).toBe(true);
  expect(await records.write("claims", "1", "of another", 0)).toBe(true);
  expect(await records.write("claims", "1", "of one again", version)).toBe(false);
  expect(await records.read("claims", "1")).toMatchObject({ value: "of another" });
  await records.close();
});

test("finds records by a beginning with characters that JavaScript counts as two", async () => {
  const records = sqliteRecords(":memory:", "imcloud_");
  await records.migrate();
  await records.write("claims", "😀 1", "one", 0);
  await records.write("claims", "😀 2", "two", 0);
  expect(await records.all("claims", "😀 ")).toMatchObject({ values: ["one", "two"] });
  await records.close();
});
