import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { Resvg } from "@resvg/resvg-js";
import opentype, { type Font } from "opentype.js";
import { paths } from "./paths.ts";

/** A picture that other sites show beside a link to a page. */
export interface SocialPicture {
  /** Its file's name, without its ending. */
  name: string;
  /** What stands over the title: the part of the site. */
  part: string;
  title: string;
  description: string;
}

const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 80;

async function fontOf(weight: number): Promise<Font> {
  const file = packageFile("@fontsource/inter", `files/inter-latin-${weight}-normal.woff`, paths.package);
  const { buffer, byteOffset, byteLength } = await readFile(file);
  return opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** The glyphs of a text. Features of the font that join or replace some are left out: a title needs none. */
const glyphsOf = (font: Font, text: string) => [...text].map((character) => font.charToGlyph(character));

const widthOf = (font: Font, text: string, size: number): number =>
  glyphsOf(font, text).reduce((sum, { advanceWidth = 0 }) => sum + advanceWidth, 0) * (size / font.unitsPerEm);

/** A text as an outline, so that what draws it needs no font. */
function outlineOf(font: Font, text: string, left: number, y: number, size: number): string {
  let x = left;
  return glyphsOf(font, text)
    .map((glyph) => {
      const path = glyph.getPath(x, y, size).toPathData(1);
      x += (glyph.advanceWidth ?? 0) * (size / font.unitsPerEm);
      return path;
    })
    .join("");
}

/** A text in lines that fit a width. What does not fit on the last line ends there. */
function linesOf(font: Font, text: string, size: number, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (widthOf(font, longer, size) <= WIDTH - 2 * MARGIN) {
      line = longer;
      continue;
    }
    if (lines.length === most - 1) return [...lines, `${line}…`];
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

const drawn = (
  font: Font,
  lines: string[],
  y: number,
  size: number,
  leading: number,
  fill: string,
  left = MARGIN,
): string =>
  lines
    .map((line, index) => `<path fill="${fill}" d="${outlineOf(font, line, left, y + index * leading, size)}"/>`)
    .join("");

const MARK =
  '<g transform="translate(80 64) scale(2.4)" fill="none" stroke="#93b4ff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M7.5 18.5a4.5 4.5 0 0 1-.6-8.96A6 6 0 0 1 18.4 9.6a4.5 4.5 0 0 1-.9 8.9z"/><path d="m10 11.5 2.2 2.2L10 16M13.6 16h2"/></g>';

/** Draws a picture as PNG. */
function draw({ part, title, description }: SocialPicture, bold: Font, regular: Font): Buffer {
  const titleLines = linesOf(bold, title, 72, 3);
  const descriptionTop = 330 + (titleLines.length - 1) * 84 + 76;
  const room = Math.max(1, Math.floor((HEIGHT - 50 - descriptionTop) / 44) + 1);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <rect width="100%" height="100%" fill="#0e131c"/><rect width="12" height="100%" fill="#93b4ff"/>${MARK}
    ${drawn(bold, ["imcloud"], 108, 40, 0, "#f5f8fd", 156)}
    ${drawn(regular, [part], 236, 30, 0, "#93b4ff")}
    ${drawn(bold, titleLines, 330, 72, 84, "#f5f8fd")}
    ${drawn(regular, linesOf(regular, description, 32, Math.min(3, room)), descriptionTop, 32, 44, "#9fabbe")}
  </svg>`;
  return new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng();
}

/** Writes the pictures as `<name>.png`. */
export async function socialPictures(pictures: SocialPicture[], folder: string): Promise<void> {
  const [bold, regular] = await Promise.all([fontOf(700), fontOf(400)]);
  await mkdir(folder, { recursive: true });
  await Promise.all(
    pictures.map((picture) => writeFile(join(folder, `${picture.name}.png`), draw(picture, bold, regular))),
  );
}
