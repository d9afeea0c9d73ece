/**
 * A variable of the environment; `undefined` where it is empty or missing. One that was read from a file ends with the file's line break,
 * which is left out.
 */
export const variable = (env: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  env[name]?.replace(/(?<![\r\n])[\r\n]+$/, "") || undefined;
