/** Milliseconds of this process's CPU time, so that other load on the machine does not decide a test. */
export function cpuTime(): number {
  // The sum, as the system only estimates the two parts.
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
