import { stripVTControlCharacters } from "node:util";

/** A command as somebody typed it, and what it printed, with the colors of a terminal. */
export interface TerminalEntry {
  command: string;
  output: string;
}

const COLORS = { screen: "#0f172a", bar: "#1e293b", text: "#e2e8f0", prompt: "#7dd3fc" };
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const SIZE = 14;
const LINE = 21;
/** Of a character of the font, in its size. */
const ADVANCE = 0.602;
const MARGIN = 22;
const BAR = 34;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Text whose columns stay in line: browsers make one space of several. */
const aligned = (text: string) => escaped(text).replaceAll(" ", "&#160;");

/** A line of a terminal, whose only style is bold. */
function styled(line: string): string {
  const [before = "", ...parts] = line.split("\u001B[");
  const later = parts.map((part) => {
    const end = part.indexOf("m");
    const text = aligned(part.slice(end + 1));
    return part.slice(0, end) === "1" ? `<tspan font-weight="700">${text}</tspan>` : text;
  });
  return [aligned(before), ...later].join("");
}

/**
 * Draws a terminal as SVG: text stays text, sharp in every size.
 * @param title what stands in its bar, and what a reader hears who does not see it
 */
export function terminalPicture(title: string, entries: readonly TerminalEntry[]): string {
  const lines = entries.flatMap(({ command, output }, index) => [
    ...(index ? [""] : []),
    `<tspan fill="${COLORS.prompt}">$</tspan> ${escaped(command)}`,
    ...output.trimEnd().split("\n").map(styled),
  ]);
  const texts = entries.flatMap(({ command, output }) => [
    `$ ${command}`,
    ...stripVTControlCharacters(output).split("\n"),
  ]);
  const columns = Math.max(...texts.map(({ length }) => length));
  const width = Math.ceil(columns * SIZE * ADVANCE) + 2 * MARGIN;
  const height = BAR + lines.length * LINE + 2 * MARGIN - (LINE - SIZE);
  const rows = lines.map((line, index) =>
    line ? `  <text x="${MARGIN}" y="${BAR + MARGIN + SIZE + index * LINE - 2}">${line}</text>` : "",
  );
  const lights = ["#f87171", "#fbbf24", "#4ade80"].map(
    (fill, index) => `<circle cx="${MARGIN + index * 20}" cy="${BAR / 2}" r="6" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<rect width="${width}" height="${height}" rx="10" fill="${COLORS.screen}"/>
<path d="M0 ${BAR}V10a10 10 0 0 1 10-10H${width - 10}a10 10 0 0 1 10 10V${BAR}z" fill="${COLORS.bar}"/>
${lights.join("")}
<g font-family="${FONT}" font-size="${SIZE}" fill="${COLORS.text}">
${rows.filter(Boolean).join("\n")}
</g>
</svg>
`;
}
