/** Text as a docstring, whatever it holds. */
export function docstring(lines: string[], indent: string): string {
  const safe = lines.flatMap((line) => line.trim().split("\n")).map((line) => line.replaceAll("*/", "*\\/"));
  if (safe.length === 1) return `${indent}/** ${safe[0]} */`;
  return [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join("\n");
}
