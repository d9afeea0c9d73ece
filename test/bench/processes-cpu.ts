import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { undoAtExit } from "./undo.ts";

/** A way to count the CPU time of a command and its processes. */
export interface CpuMeter {
  /** Whose time it counts, for people. */
  readonly whose: string;
  /** Begins to count, for one command. */
  start(): CpuCounter;
}

/** Counts the CPU time of one command. */
export interface CpuCounter {
  /** The command for a shell, so that its time is counted. Its exit code is the command's. */
  counted(command: string): string;
  /**
   * Seconds of user and system time, to be asked once, after the command has ended. By a control group, it ends what still runs.
   * @param output what the counted command printed
   */
  seconds(output: string): Promise<number>;
}

/** A folder in which control groups can be made, and the version of their interface. */
export interface CgroupFolder {
  version: 1 | 2;
  folder: string;
}

/**
 * The folders of this process's own control groups that count CPU time.
 * @param mounts the text of `/proc/self/mountinfo`
 * @param own the text of `/proc/self/cgroup`
 */
export function cgroupFolders(mounts: string, own: string): CgroupFolder[] {
  const groups = own
    .trim()
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line)?.slice(1) ?? []);
  return mounts.split("\n").flatMap((line): CgroupFolder[] => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root = "", at = ""] = before.split(" ");
    const [type, , options = ""] = after.split(" ");
    const version = type === "cgroup2" ? 2 : 1;
    if (version === 1 && !(type === "cgroup" && options.split(",").includes("cpuacct"))) return [];
    const isOwn = (names = "") => (version === 2 ? names === "" : names.split(",").includes("cpuacct"));
    const path = groups.find(([names]) => isOwn(names))?.[1];
    if (path === undefined) return [];
    // Inside of a container the mount shows a part of the tree, and the path can be outside of it.
    const below = relative(root, path);
    return [{ version, folder: below.startsWith("..") ? at : join(at, below) }];
  });
}

/** Milliseconds that processes have for their end after the command's. */
const PATIENCE = 10_000;

function pidsIn(group: string): number[] {
  return readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
}

function killAll(group: string): void {
  for (const pid of pidsIn(group)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function secondsIn(group: string, version: 1 | 2): number {
  if (version === 1) return Number(readFileSync(join(group, "cpuacct.usage"), "utf8")) / 1e9;
  return Number(/^usage_usec (\d+)$/m.exec(readFileSync(join(group, "cpu.stat"), "utf8"))?.[1]) / 1e6;
}

const isWithin = async (milliseconds: number, isSo: () => boolean): Promise<boolean> => {
  for (const since = performance.now(); performance.now() - since < milliseconds; await wait(50))
    if (isSo()) return true;
  return isSo();
};

/** Removes a group. For a moment the system holds on to processes that have ended. @returns whether it is removed */
function isRemoved(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
}

/** Ends all processes of a group and removes it, and waits for their end without the event loop, which stands still while this process ends. */
function removeNow(group: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < 250; tries++) {
    killAll(group);
    if (isRemoved(group)) return;
    Atomics.wait(pause, 0, 0, 20);
  }
}

const enterBy = (group: string) => `echo $$ > '${join(group, "cgroup.procs")}'`;

function startIn(group: string, version: 1 | 2): CpuCounter {
  mkdirSync(group);
  const noteRemoved = undoAtExit(() => removeNow(group));
  return {
    counted: (command) => `${enterBy(group)} && { ${command}; }`,
    async seconds() {
      const isEmpty = () => !pidsIn(group).length;
      if (!(await isWithin(PATIENCE, isEmpty))) {
        killAll(group);
        await isWithin(PATIENCE, isEmpty);
      }
      const seconds = secondsIn(group, version);
      if (!(await isWithin(PATIENCE, () => isRemoved(group)))) throw new Error(`${group} is still in use.`);
      noteRemoved();
      return seconds;
    },
  };
}

/** Whether this user may make a group in a folder, and put processes into it. */
function isUsable({ folder }: CgroupFolder): boolean {
  const group = join(folder, `imcloud-bench-${process.pid}`);
  try {
    mkdirSync(group);
  } catch {
    return false;
  }
  const { status } = spawnSync("sh", ["-c", enterBy(group)], { stdio: "ignore" });
  removeNow(group);
  return status === 0;
}

function readFolders(): CgroupFolder[] {
  try {
    return cgroupFolders(readFileSync("/proc/self/mountinfo", "utf8"), readFileSync("/proc/self/cgroup", "utf8"));
  } catch {
    return [];
  }
}

/**
 * Counts by control groups, each made for one command, whose processes cannot leave it.
 * @returns nothing where this user can make none: on other systems than Linux, and where Linux does not let everyone
 */
export function cgroupMeter(): CpuMeter | undefined {
  const found = readFolders()
    .sort((one, other) => other.version - one.version)
    .find(isUsable);
  if (!found) return undefined;
  const { version, folder } = found;
  let made = 0;
  return {
    whose: `of all processes, also of those that nobody waits for, as a browser's (control groups v${version})`,
    start: () => startIn(join(folder, `imcloud-bench-${process.pid}-${made++}`), version),
  };
}

/** Seconds of user and system time of a shell's children: the last line that `times` prints. */
export function secondsInTimes(output: string): number {
  const parts = [...(output.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** Counts as a shell does, on every system that has one. */
export const shellMeter: CpuMeter = {
  whose:
    "of the processes that were waited for, without those that nobody waits for, as a browser's (times of the shell)",
  start: () => ({
    counted: (command) => `${command}; code=$?; times; exit $code`,
    seconds: async (output) => secondsInTimes(output),
  }),
};
