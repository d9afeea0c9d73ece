/** A block of code in Markdown. */
export interface CodeBlock {
  language: string;
  /** It cannot run here, so that only its syntax or types are checked. */
  isRun: boolean;
  code: string;
  /** The line of the file that the code begins at, and so the block's name in a test. */
  line: number;
}

/** The blocks of code in some Markdown, with its head. */
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
