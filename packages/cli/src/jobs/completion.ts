import { CommandError } from "../exit-codes.ts";

/** Scripts that make each shell call `imcloud __complete`. */
const SCRIPTS: Record<string, string> = {
  bash: `_imcloud() {
  local IFS=$'\\n'
  COMPREPLY=($(imcloud __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _imcloud imcloud
`,
  zsh: `#compdef imcloud
_imcloud() {
  local -a candidates
  candidates=(\${(f)"$(imcloud __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  compadd -a candidates
}
compdef _imcloud imcloud
`,
  fish: `complete --command imcloud --arguments '(imcloud __complete -- (commandline --current-process --tokenize --cut-at-cursor)[2..] (commandline --current-token) 2>/dev/null)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName imcloud -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  imcloud __complete -- @words | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
};

export const shells: readonly string[] = Object.keys(SCRIPTS);

/** @throws {@link CommandError} for a shell that is not in {@link shells} */
export function completionScript(shell: string): string {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script) return script;
  throw new CommandError(`There are completions for ${shells.join(", ")}; got "${shell}".`);
}
