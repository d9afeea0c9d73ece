import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReferencePage } from "@imcloud/cli/reference";
import { stringify } from "yaml";
import { type TerminalEntry, terminalPicture } from "./terminal-picture.ts";

const INTRODUCTION = `These pages are made from the command line itself. What each example prints is what it printed when the pages were built.
How to install and sign in is in the [guide](/guides/command-line).

![A terminal with three commands of imcloud and what they print](/pictures/commands.svg)`;

const withHead = (head: { title: string; description: string }, body: string) =>
  `---\n${stringify(head)}---\n\n${body}\n`;

/** The heading of a page in the list of all: the resource, and words for what is none. */
const headingOf = ({ name }: ReferencePage) => (name === "tools" ? "Tables, settings and servers" : name);

/** A row for each command. Each has the anchor that its section has, as all sections stood on the one page once, and links to it are kept. */
function tableOf({ name: page, commands }: ReferencePage): string {
  const rows = commands.map(
    ({ name, anchor, summary }) =>
      `| <span id="${anchor}"></span>[\`${name}\`](/commands/${page}#${anchor}) | ${summary.replaceAll("|", "\\|")} |`,
  );
  return ["| command | what it does |", "| --- | --- |", ...rows].join("\n");
}

/** Writes the page that lists all commands of the command line, and one for the commands of each resource. */
export async function commandLinePages(folder: string): Promise<void> {
  // Built by now, and not when this module is loaded.
  const { referencePages, sharedMarkdown } = await import("@imcloud/cli/reference");
  const pages = await referencePages();
  const head = {
    title: "Commands of imcloud",
    description: "Every command of the command line, the options that all have, and the forms of what they print.",
  };
  const lists = pages.map((page) => `## ${headingOf(page)}\n\n${tableOf(page)}`);
  await mkdir(join(folder, "commands"), { recursive: true });
  await Promise.all([
    writeFile(
      join(folder, "commands.md"),
      withHead(head, [INTRODUCTION, ...lists, await sharedMarkdown()].join("\n\n")),
    ),
    ...pages.map(({ name, title, description, markdown }) =>
      writeFile(
        join(folder, "commands", `${name}.md`),
        withHead({ title, description }, `All commands are listed on [one page](/commands).\n\n${markdown}`),
      ),
    ),
  ]);
}

/** What the picture of the command line shows: a list, a job that waits, and a thing as JSON. */
const SHOWN = [
  ["npx @imcloud/cli", "orders list --columns orderNumber,type,status,creationDate"],
  ["imcloud", "subscriptions seats 700401 --to 35 --po-number SEATS-35"],
  ["imcloud", "customers get 1002101 --json --columns name,address.city"],
] as const;

/** A terminal in which commands ran against the sandbox, as SVG. */
export async function commandLinePicture(): Promise<string> {
  const { runInProcess } = await import("@imcloud/cli/reference");
  const entries: TerminalEntry[] = [];
  for (const [name, words] of SHOWN) {
    const { stdout, stderr } = await runInProcess(["--mock", ...words.split(" ")], { columns: 96 });
    entries.push({ command: `${name} --mock ${words}`, output: stdout + stderr });
  }
  return terminalPicture("imcloud, the Ingram Micro Cloud Marketplace in a shell", entries);
}
