import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMIT_SIZE, commitsIn, openKept, planOf } from "./testing-journal.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-journal-"));
});
afterAll(() => rm(folder, { recursive: true }));

const ROUNDS = 10;

/**
 * Writes to a file from a process that is killed a while after its first commit.
 * @param delay milliseconds
 * @returns the last commit that it told of
 */
async function writeUntilKilled(file: string, delay: number): Promise<number> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, "testing-writer.ts"), file], {
    stdio: ["ignore", "pipe", "inherit"],
    // So that the later ones compile nothing.
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") },
  });
  let told = "";
  writer.stdout.on("data", (text) => {
    told += text;
  });
  await once(writer.stdout, "data");
  setTimeout(() => writer.kill("SIGKILL"), delay);
  await once(writer, "close");
  // What comes after the last line end was not told to its end.
  return Number(told.split("\n").at(-2));
}

describe("Journal", () => {
  test("names the file whose pages are damaged, and lets go of it", () => {
    const file = join(folder, "damaged.db");
    openKept(file).journal.close();
    const database = new DatabaseSync(file);
    const roots = database.prepare("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'settings'").all();
    const { page_size: size } = database.prepare("PRAGMA page_size").get() as { page_size: number };
    database.close();
    const bytes = readFileSync(file);
    for (const { rootpage } of roots) bytes.fill(0x5a, (Number(rootpage) - 1) * size, Number(rootpage) * size);
    writeFileSync(file, bytes);
    for (const _ of [1, 2]) expect(() => openKept(file)).toThrow(`${file} holds what no mock has written (`);
  });

  test(`keeps all commits that its process told of, each as a whole, when it is killed in ${ROUNDS} rounds`, async () => {
    const file = join(folder, "killed.db");
    let before = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const told = await writeUntilKilled(file, (round * 7) % 30);
      expect(told).toBeGreaterThan(before);
      const { journal, store } = openKept(file);
      const commits = commitsIn(store);
      journal.close();
      // At most one was done, and its process killed before it told so.
      expect([told, told + 1]).toContain(commits);
      for (let commit = before + 1; commit <= commits; commit++)
        for (let at = 0; at < COMMIT_SIZE; at++) expect(store.plans.get(`${commit}-${at}`)).toEqual(planOf(commit, at));
      before = commits;
    }
  });
});
