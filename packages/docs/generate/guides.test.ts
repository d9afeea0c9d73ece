import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readGuides } from "./guides.ts";

async function folderWith(head: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-guides-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "selling.md"), `${head}Text.\n`);
  return folder;
}

test("readGuides refuses a head that says what nothing reads, as a place in the menu", async () => {
  const folder = await folderWith("---\ntitle: Selling\ndescription: How to sell.\nsidebar:\n  order: 3\n---\n\n");
  await expect(readGuides(folder)).rejects.toThrow(
    "The head of selling.md has sidebar, which nothing reads; it takes title, description, keywords, operations.",
  );
});

test("readGuides refuses a guide without a head", async () => {
  await expect(readGuides(await folderWith(""))).rejects.toThrow(/selling\.md must begin with a head/);
});
