/** Text within single quotes of a POSIX shell, in which nothing is replaced. */
export const shQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Text within single quotes of PowerShell, in which nothing is replaced. The typographic ones end it as well, so that they are doubled too. */
export const powershellQuoted = (text: string): string => `'${text.replace(/['‘’‚‛]/g, "$&$&")}'`;
