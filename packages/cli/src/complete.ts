import type { Command, Option } from "commander";

/** The known values of an option, from its help. */
function valuesOf(option: Option): string[] {
  if (option.argChoices) return option.argChoices;
  const [, known] = / One of: (.+)\.$/.exec(option.description) ?? [];
  return known ? known.split(", ") : [];
}

/** The completions of typed words, the last of which may be incomplete. */
export function complete(program: Command, words: readonly string[]): string[] {
  const [, flag, value = ""] = /^(--[^=]+)=(.*)$/s.exec(words.at(-1) ?? "") ?? [];
  if (flag) return complete(program, [...words.slice(0, -1), flag, value]).map((each) => `${flag}=${each}`);
  // Bash makes words of `--status=c` around the sign.
  const last = words.at(-1)?.replace(/^=$/, "") ?? "";
  const typed = words.slice(0, -1).filter((word) => word !== "=");
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
