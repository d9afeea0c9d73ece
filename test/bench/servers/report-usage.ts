/** What a server has used so far: microseconds of CPU time, user and system, and megabytes that it holds. */
export interface Usage {
  cpu: number;
  memory: number;
}

/** Loaded before a server: tells what it has used to the process that started it, whenever that asks. */
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpu: user + system, memory: process.memoryUsage.rss() / 1024 / 1024 };
  process.send?.(usage);
});
// The channel alone keeps nothing running.
process.channel?.unref();
