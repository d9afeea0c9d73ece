/** What a server has used so far: microseconds of CPU time, user and system, and megabytes of memory. */
export interface Usage {
  cpu: number;
  memory: number;
}

/** Loaded before a server: reports its usage to the parent process on demand. */
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpu: user + system, memory: process.memoryUsage.rss() / 1024 / 1024 };
  process.send?.(usage);
});
// The channel must not keep the process running.
process.channel?.unref();
