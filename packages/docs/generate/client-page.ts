import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { editAddress } from "../src/site-config.ts";

/** A link of the README to a file of the repository. */
const FILE_LINK = /\]\((?!https?:|#)([^)]+)\)/g;

/**
 * The client's README as a page of the site.
 * @throws {@link Error} when it does not begin with its title
 */
export async function clientPage(readme: string): Promise<string> {
  const text = await readFile(readme, "utf8");
  const [head] = text.match(/^# .*\n/) ?? [];
  if (head === undefined) throw new Error(`${readme} must begin with its title.`);
  const front = {
    title: "The TypeScript client",
    description:
      "Everything that @imcloud/client does: its options, errors, retries, limits, lists, waits, downloads and middleware.",
    keywords: "typescript javascript sdk library options reference node api createClient timeout logger middleware",
    editUrl: editAddress("packages/client/README.md"),
  };
  const body = text
    .slice(head.length)
    .replace(FILE_LINK, (_link, file) => `](${editAddress(`packages/client/${file}`)})`);
  return `---\n${stringify(front)}---\n${body}`;
}
