import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExampleSamples, SampleLanguage } from "@imcloud/openapi-tools/samples";
import { editAddress } from "../src/site-config.ts";
import type { Guide } from "./guides.ts";

/** A block of TypeScript that shows a call: of which operation, and which of its examples where it has several. */
const TABBED = /^```ts(.*?) tabs=(\w+)(?::(\w+))?(.*)\n([\s\S]*?)^```$/gm;

const FENCES: Record<SampleLanguage, string> = {
  TypeScript: "ts",
  curl: "sh",
  PowerShell: "powershell",
  Python: "python",
};

const block = (label: SampleLanguage, code: string) => `${label}:\n\n\`\`\`${FENCES[label]}\n${code.trimEnd()}\n\`\`\``;

/**
 * A guide's Markdown with each call that it shows in four languages: its own TypeScript, and the samples of the operation in the others.
 * @throws {@link Error} when it names an operation or an example that is not there
 */
export function inFourLanguages({ page, body }: Guide, samples: ReadonlyMap<string, ExampleSamples[]>): string {
  return body.replace(TABBED, (_block, _before, operation: string, name: string | undefined, _after, code: string) => {
    const examples = samples.get(operation) ?? [];
    const example = name ? examples.find((each) => each.example === name) : examples[0];
    if (!example) throw new Error(`${page} shows ${operation}${name ? `, example ${name}` : ""}, which is not there.`);
    const others = example.samples.filter(({ lang }) => lang !== "TypeScript");
    const blocks = [block("TypeScript", code), ...others.map(({ lang, source }) => block(lang, source))];
    return `<sample-tabs>\n\n${blocks.join("\n\n")}\n\n</sample-tabs>`;
  });
}

/** Writes the guides as pages: their head, where they are edited, and their text with every call in four languages. */
export async function writeGuidePages(
  guides: Guide[],
  samples: ReadonlyMap<string, ExampleSamples[]>,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    guides.map((guide) => {
      const name = guide.page.replace("guides/", "");
      const head = guide.head.replace(
        /\n---\n$/,
        `\neditUrl: ${editAddress(`packages/docs/guides/${name}.md`)}\n---\n`,
      );
      return writeFile(join(folder, `${name}.md`), `${head}\n${inFourLanguages(guide, samples)}\n`);
    }),
  );
}
