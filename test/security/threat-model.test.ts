import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

const text = readFileSync(join(paths.root, "SECURITY.md"), "utf8");

/** The cells of each row of the table of threats. */
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| attacker") && !line.startsWith("| ---"))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

/** The files of a cell, each with parts of its tests' titles. */
const titlesIn = (cell = "") =>
  [...cell.matchAll(/`([^`]+)`((?:,? _[^_]+_)*)/g)].map(([, file = "", titles = ""]) => ({
    file,
    titles: [...titles.matchAll(/_([^_]+)_/g)].map(([, title = ""]) => title),
  }));

const codeIn = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

describe("SECURITY.md", () => {
  test("has a row for each attacker that it names", () => {
    const named = [...text.matchAll(/_(\w+)_:/g)].map(([, name]) => name);
    expect(named).toEqual(["Server", "Page", "Neighbor", "Author", "Dependency"]);
    for (const attacker of named) expect(rows.some(([, cell]) => cell?.includes(String(attacker)))).toBe(true);
  });

  test.each(rows)("%s%s: %s", (_, _attacker, _attack, _line, code, tests) => {
    for (const path of codeIn(code)) expect(existsSync(join(paths.root, path)), path).toBe(true);
    const files = codeIn(tests);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(file).toMatch(/\.test\.ts$/);
      expect(statSync(join(paths.root, file)).isFile(), file).toBe(true);
    }
    for (const { file, titles } of titlesIn(tests)) {
      const source = readFileSync(join(paths.root, file), "utf8");
      for (const title of titles) expect(source, `${file} has no test "${title}"`).toContain(title);
    }
  });
});
