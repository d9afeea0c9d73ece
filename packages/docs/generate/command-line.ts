const HEAD = `---
title: Commands of imcloud
description: Every command of the command line, with its options and what it prints, run against the sandbox when this page was made.
---

This page is made from the command line itself. What each example prints is what it printed when the page was built.
How to install and sign in is in the [guide](/guides/command-line).
`;

/** The page of every command of the command line. */
export async function commandLinePage(): Promise<string> {
  // Built by now, and not when this module is loaded.
  const { referenceMarkdown } = await import("@imcloud/cli/reference");
  return `${HEAD}\n${await referenceMarkdown()}`;
}
