import type { Difference, Kind } from "./compare.ts";

const titles: Record<Kind, string> = {
  "only theirs": "They have, and we lack",
  "only ours": "We have, and they lack",
  type: "Types differ",
  values: "Listed values differ (what the other lacks)",
  required: "Required by one alone",
  format: "Formats differ",
  pattern: "Patterns differ",
  bounds: "Bounds differ",
  default: "Defaults differ",
  deprecated: "Deprecated by one alone",
  example: "Their examples that our schemas refuse",
};

const row = (cells: string[], widths: number[]) =>
  cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join("  ")
    .trimEnd();

/** Formats differences as tables by kind. Known ones name their decision. */
export function tables(differences: Difference[]): string {
  const parts = (Object.keys(titles) as Kind[]).flatMap((kind) => {
    const ofKind = differences.filter((difference) => difference.kind === kind);
    if (!ofKind.length) return [];
    const rows = ofKind.map(({ place, ours, theirs, decision }) => [
      place,
      ours,
      theirs,
      decision ? `known: ${decision}` : "NEW",
    ]);
    const all = [["where", "ours", "theirs", ""], ...rows];
    const widths = [0, 1, 2].map((index) => Math.min(70, Math.max(...all.map((cells) => cells[index]?.length ?? 0))));
    return [`${titles[kind]} (${ofKind.length})`, ...all.map((cells) => `  ${row(cells, widths)}`), ""];
  });
  return parts.map((line) => `${line}\n`).join("");
}

/** The number of differences, and of those that a decision explains. */
export function tallyOf(differences: Difference[]): string {
  const unexplained = differences.filter(({ decision }) => !decision).length;
  return `${differences.length} differences, ${differences.length - unexplained} of them known, ${unexplained} new.`;
}
