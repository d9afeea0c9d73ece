import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { putInPlace } from "./put-in-place.ts";

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-made-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe("putInPlace", () => {
  test("writes what changed, and removes what is gone of the kinds that were made", async () => {
    const build = await folderWith({
      "guides/kept.md": "same",
      "guides/changed.md": "old",
      "guides/gone.md": "",
      "commands/later.md": "",
      "client.md": "old",
      "files/guides/gone.md": "",
      "files/downloads/later.json": "",
      "files/reference.html": "",
    });
    const made = await folderWith({
      "guides/kept.md": "same",
      "guides/changed.md": "new",
      "client.md": "new",
      "files/guides/added.md": "",
    });
    const long = new Date(0);
    await utimes(join(build, "guides/kept.md"), long, long);
    await putInPlace(made, build, "files");
    const files = (await readdir(build, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    expect(files.map(({ name }) => name).sort()).toEqual(
      ["kept.md", "changed.md", "later.md", "client.md", "added.md", "later.json", "reference.html"].sort(),
    );
    expect(await readFile(join(build, "guides/changed.md"), "utf8")).toBe("new");
    expect((await stat(join(build, "guides/kept.md"))).mtime).toEqual(long);
  });
});
