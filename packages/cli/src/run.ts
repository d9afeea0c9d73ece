import { isMarketplaceError } from "@imcloud/client";
import { ProfileError } from "@imcloud/stores/profiles";
import { CommanderError } from "commander";
import { complete } from "./complete.ts";
import type { Shell } from "./context.ts";
import { DryRun } from "./curl.ts";
import { CommandError, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { say, widthOf } from "./output/text.ts";
import { createProgram } from "./program.ts";

/** An error as a sentence, with the correlation id that the marketplace's support asks for. */
function sentence(error: unknown): string {
  const { message } = error as Error;
  const { correlationId } = error as { correlationId?: string };
  const isNew = isMarketplaceError(error) && correlationId && !message.includes(correlationId);
  return isNew ? `${message} (correlation id ${correlationId})` : message;
}

/** Runs a command line, and returns its exit code. */
export async function run(words: readonly string[], shell: Shell): Promise<number> {
  const program = createProgram(shell);
  const [first, dashes, ...typed] = words;
  if (first === "__complete" && dashes === "--") {
    shell.stdout.write(
      complete(program, typed)
        .map((word) => `${word}\n`)
        .join(""),
    );
    return exitCodes.ok;
  }
  const configure = (command: typeof program) => {
    command.exitOverride().configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: (text) => void shell.stderr.write(text),
      getOutHelpWidth: () => widthOf(shell),
    });
    command.commands.forEach(configure);
  };
  configure(program);
  // Commander's own `help` knows a resource, not its commands.
  const asked = first === "help" && words.length > 1 ? [...words.slice(1), "--help"] : words;
  try {
    await program.parseAsync(asked, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof DryRun) {
      shell.stdout.write(`${error.curl}\n`);
      return exitCodes.ok;
    }
    if (shell.signal.aborted) {
      for (const operation of shell.writes) {
        say(shell, `Interrupted: ${operation} may have been carried out. Look before you send it again.`);
      }
      return exitCodes.interrupted;
    }
    const ours = [CommandError, ProfileError, TypeError];
    const isOurs = isMarketplaceError(error) || ours.some((kind) => error instanceof kind);
    say(shell, ...(isOurs ? sentence(error) : `Unexpected: ${sentence(error)}`).split("\n"));
    return exitCodeOf(error);
  } finally {
    for (const end of shell.atEnd.splice(0)) end();
  }
}
