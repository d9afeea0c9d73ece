import { type TerminalEntry, terminalPicture } from "./terminal-picture.ts";

const HEAD = `---
title: Commands of imcloud
description: Every command of the command line, with its options and what it prints, run against the sandbox when this page was made.
---

This page is made from the command line itself. What each example prints is what it printed when the page was built.
How to install and sign in is in the [guide](/guides/command-line).

![A terminal with three commands of imcloud and what they print](/pictures/commands.svg)
`;

/** The page of every command of the command line. */
export async function commandLinePage(): Promise<string> {
  // Built by now, and not when this module is loaded.
  const { referenceMarkdown } = await import("@imcloud/cli/reference");
  return `${HEAD}\n${await referenceMarkdown()}`;
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
