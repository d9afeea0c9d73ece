/** A block of code in Markdown. */
export interface CodeBlock {
  language: string;
  /** Whether it can run here. If not, only its syntax or types are checked. */
  isRun: boolean;
  code: string;
  /** The line of the file where the code begins, which names the block in a test. */
  line: number;
}

/** The code blocks of a Markdown file, front matter included. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\w+)(.*)\n([\s\S]*?)^```$/gm)].map(
    ([whole, language, words, code], index, all) => ({
      language: String(language),
      isRun: !words?.includes("no-run"),
      code: String(code),
      line: markdown.slice(0, markdown.indexOf(whole, all[index]?.index)).split("\n").length + 1,
    }),
  );
}
