import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
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

test("knows nothing of a table of others that has the name of one of its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-records-"));
  const file = join(folder, "store.db");
  const others = new DatabaseSync(file);
  const records = sqliteRecords(file, "imcloud_");
  const failed = () => records.migrate().catch(({ message }: Error) => message);
  const isNotOurs = (table: string) =>
    `SQLite has a table imcloud_${table} already that is not the store's: give the store another prefix.`;
  try {
    others.exec("CREATE TABLE imcloud_migrations (name TEXT)");
    expect(await failed()).toBe(isNotOurs("migrations"));
    others.exec("DROP TABLE imcloud_migrations; CREATE TABLE imcloud_migrations (version TEXT)");
    others.exec("INSERT INTO imcloud_migrations VALUES ('add users')");
    expect(await failed()).toBe(isNotOurs("migrations"));
    others.exec("DROP TABLE imcloud_migrations; CREATE TABLE imcloud_records (title TEXT)");
    expect(await failed()).toBe(isNotOurs("records"));
    others.exec("DROP TABLE imcloud_records");
    expect(await failed()).toBeUndefined();
    others.exec("DROP TABLE imcloud_records");
    expect(await failed()).toBe(
      "SQLite has no table imcloud_records any more, though it was made: what was in it is lost. Drop imcloud_migrations, and call migrate() again.",
    );
    others.exec("DROP TABLE imcloud_migrations");
    expect(await failed()).toBeUndefined();
  } finally {
    others.close();
    await records.close();
    await rm(folder, { recursive: true });
  }
});
