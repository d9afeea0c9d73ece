/** Milliseconds of CPU time of this process so far: whatever else a machine does is not in it, so no load decides a test. */
export function cpuTime(): number {
  // Together, as how much of it is whose the system only guesses.
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
