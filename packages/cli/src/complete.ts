import type { Command, Option } from "commander";

/** The known values of an option, from its help. */
function valuesOf(option: Option): string[] {
  if (option.argChoices) return option.argChoices;
  const [, known] = / One of: (.+)\.$/.exec(option.description) ?? [];
  return known ? known.split(", ") : [];
}

/** The completions of typed words, the last of which may be incomplete. */
export function complete(program: Command, words: readonly string[]): string[] {
  const typed = words.slice(0, -1);
  const last = words.at(-1) ?? "";
  let command = program;
  for (const word of typed) command = command.commands.find((each) => each.name() === word) ?? command;
  const options = [...command.options, ...(command === program ? [] : program.options)];
  const before = options.find(({ long }) => long === typed.at(-1));
  const candidates =
    before && (before.required || before.optional)
      ? valuesOf(before)
      : last.startsWith("-")
        ? options.flatMap(({ long }) => long ?? [])
        : command.commands.map((each) => each.name());
  return candidates.filter((candidate) => candidate.startsWith(last));
}
