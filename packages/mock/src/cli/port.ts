/**
 * The port that an option of a command line names.
 * @throws TypeError with a sentence for people
 */
export function parsePort(option: string, value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new TypeError(`${option} takes a number from 0 to 65535; got "${value}".`);
  }
  return port;
}
