import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { cpuTime } from "../support/cpu-time.ts";
import { isNightly } from "../support/nightly.ts";

/** Folders whose regular expressions run on other people's text. */
const FOLDERS = [
  ...["cli", "client", "mcp", "mock", "openapi-tools", "query", "spec", "stores", "sync"].map(
    (name) => `packages/${name}/src`,
  ),
  "packages/docs/src/console",
];
/** Files whose expressions only read the project's own files. */
const OWN_FILES = /\.test(-d)?\.ts$|testing|openapi-tools\/src\/(?!path-matcher)|generated\//;

/** The lengths of the shortest and the longest text, in characters. */
const LENGTHS = [16_000, 256_000] as const;
/** Milliseconds for the shortest text from which longer texts are tried: a quadratic expression takes far more, others far less. At night all are. */
const RETRY_FROM = isNightly ? 0 : 10;
/** Milliseconds from which a time can be compared with the time for twice the length. */
const MEASURABLE = 20;

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(paths.root, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
).filter((file) => file.endsWith(".ts") && !OWN_FILES.test(file));

/** What a slash is in that begins no expression. */
const COMMENT_OR_TEXT = /\/\*[\s\S]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"/g;

/** The regular expressions of a file. */
function expressionsOf(file: string): string[] {
  const found: string[] = [];
  const text = readFileSync(join(paths.root, file), "utf8");
  // Most files have none, and parsing takes the most time.
  if (!text.replace(COMMENT_OR_TEXT, "").includes("/")) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

const expressions = [...new Set(files.flatMap(expressionsOf))];

function toRegExp(literal: string): RegExp {
  const end = literal.lastIndexOf("/");
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

/** Pieces of text that can start a match: the words of an expression, and each of its characters. */
function piecesOf(source: string): string[] {
  const plain = source.replace(/\\[bBdDwWsSpP](\{[^}]*\})?|[\^$(){}*+?|[\]:=!<>]/g, " ").replace(/\\(.)/g, "$1");
  const words = plain.split(/\s+/).filter(Boolean);
  return [
    ...new Set([...words, ...words.flatMap((word) => [...word]), ..."a0 .-/\\\"'=:,<&[{(_%\t\n", "é", "no entity "]),
  ];
}

/** Milliseconds of CPU that an expression takes for a text, in `test` and in `replace`. */
function timeOf(literal: string, text: string): number {
  const start = cpuTime();
  const expression = toRegExp(literal);
  expression.test(text);
  text.replace(toRegExp(literal), "");
  return cpuTime() - start;
}

const filled = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Describes how an expression takes more than linear time for a repeated piece; `undefined` if it does not. */
function slownessOf(literal: string, piece: string, end: string): string | undefined {
  const measure = (length: number) => {
    const text = filled(piece, length) + end;
    return Math.min(timeOf(literal, text), timeOf(literal, text));
  };
  for (let [length, longest] = LENGTHS; length <= longest; length *= 4) {
    // Almost all are fast, and are not measured again.
    const first = timeOf(literal, filled(piece, length) + end);
    if (first < RETRY_FROM) return undefined;
    if (first < MEASURABLE) continue;
    const one = measure(length);
    if (one < MEASURABLE) continue;
    const [two, four] = [measure(2 * length), measure(4 * length)];
    // Both conditions, as load on the machine disturbs one measurement at a time.
    const isSlow = two > 2.7 * one && four > 8 * one;
    return isSlow ? `${literal}: ${one}, ${two}, ${four} ms for ${JSON.stringify(piece)}` : undefined;
  }
  return undefined;
}

test("every regular expression for other people's text takes linear time", () => {
  expect(expressions.length).toBeGreaterThan(60);
  const slow = expressions.map((literal) => {
    const pieces = piecesOf(toRegExp(literal).source);
    // With and without a final character at which the match fails.
    const cases = pieces.flatMap((piece) => ["", "\u0000"].map((end) => [piece, end] as const));
    for (const [piece, end] of cases) {
      const slowness = slownessOf(literal, piece, end);
      if (slowness) return slowness;
    }
    return undefined;
  });
  expect(slow.filter(Boolean)).toEqual([]);
}, 300_000);
