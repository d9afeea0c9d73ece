import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { cgroupFolders, cgroupMeter, secondsInTimes, shellMeter } from "../bench/processes-cpu.ts";

/** Work of a shell, which takes a tenth of a second, and what it takes at the least on any machine. */
const WORK = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";
const LEAST = 0.01;

/** Runs a command for a shell so that it is counted. */
async function secondsOf({ start }: typeof shellMeter, command: string) {
  const counter = start();
  const { stdout, status } = spawnSync("sh", ["-c", counter.counted(command)], { encoding: "utf8" });
  return { seconds: await counter.seconds(stdout), status };
}

describe("cgroupMeter", () => {
  test("counts a process that nobody waits for, and keeps the command's exit code", async ({ skip }) => {
    const meter = cgroupMeter();
    if (!meter) return skip("no control group can be made here");
    const { seconds, status } = await secondsOf(meter, `{ ${WORK}; } & sh -c "exit 3"`);
    expect(seconds).toBeGreaterThan(LEAST);
    expect(status).toBe(3);
  });
});

describe("cgroupFolders", () => {
  const v1 = "34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct";
  const other = "36 31 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";

  test("are the process's own groups, of both versions", () => {
    const v2 = "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";
    const own = "2:cpu,cpuacct:/a\n1:memory:/c\n0::/b/d\n";
    expect(cgroupFolders(`${v1}\n${other}\n${v2}\n`, own)).toEqual([
      { version: 1, folder: "/sys/fs/cgroup/cpu,cpuacct/a" },
      { version: 2, folder: "/sys/fs/cgroup/unified/b/d" },
    ]);
  });

  test("are below what a container sees of the tree", () => {
    const mount = (root: string) => `41 31 0:38 ${root} /sys/fs/cgroup rw - cgroup2 cgroup2 rw`;
    const folderOf = (root: string, path: string) => cgroupFolders(mount(root), `0::${path}`)[0]?.folder;
    expect(folderOf("/docker/1", "/docker/1")).toBe("/sys/fs/cgroup");
    expect(folderOf("/docker/1", "/docker/1/init")).toBe("/sys/fs/cgroup/init");
    expect(folderOf("/docker/1", "/elsewhere")).toBe("/sys/fs/cgroup");
  });

  test("are none without a controller of CPU time", () => expect(cgroupFolders(other, "1:memory:/c")).toEqual([]));
});

describe("shellMeter", () => {
  test("reads the CPU time of all children from what a shell's times says", () => {
    expect(secondsInTimes("Ready\n0m0.002s 0m0.000s\n1m3.889s 0m2.328s\n")).toBeCloseTo(66.217);
  });

  test("counts what was waited for, and keeps the command's exit code", async ({ skip }) => {
    skip(process.platform === "win32", "no shell here");
    const { seconds, status } = await secondsOf(shellMeter, `sh -c '${WORK}'; sh -c "exit 3"`);
    expect(seconds).toBeGreaterThan(LEAST);
    expect(status).toBe(3);
  });
});
