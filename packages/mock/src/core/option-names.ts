/** The name of an option where it is set: `filesPort` in a program, `--files-port` on the command line. */
export type NameOf = (option: string) => string;

/** A sentence that names options. */
export type OptionSentence = (nameOf: NameOf) => string;

const sentences = new WeakMap<Error, OptionSentence>();

const asInPrograms: NameOf = (option) => option;

/**
 * Makes an error whose message names options as programs do. {@link messageFor} gives it with other names.
 * @param Type the error's class
 */
export function optionError<E extends Error>(
  Type: new (message: string, options?: ErrorOptions) => E,
  sentence: OptionSentence,
  cause?: unknown,
): E {
  const error = new Type(sentence(asInPrograms), cause === undefined ? undefined : { cause });
  sentences.set(error, sentence);
  return error;
}

/** Whether an error is one of {@link optionError}. */
export const isAboutOptions = (error: unknown): boolean => sentences.has(error as Error);

/** The message of an error, with the options' names where they were set. */
export const messageFor = (error: Error, nameOf: NameOf): string => sentences.get(error)?.(nameOf) ?? error.message;
