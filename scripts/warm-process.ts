import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Sent by a process when a task is done. */
interface Outcome {
  /** What is wrong, when it could not be done. */
  error?: string;
}

/** What loads modules again keeps the old ones: after so many tasks a new process takes its place. */
const MOST_TASKS = 40;

/** Does tasks in a process of its own, which keeps what it has loaded: starting one takes longer than most tasks. */
export class WarmProcess<Task extends object> {
  readonly #module: string;
  readonly #args: string[];
  #process: ChildProcess;
  #tasks = 0;
  #isStopped = false;

  /**
   * @param module the file that it runs, from here: it calls {@link doTasks}
   * @param args what it is started with
   */
  constructor(module: string, args: string[] = []) {
    this.#module = fileURLToPath(import.meta.resolve(module));
    this.#args = args;
    this.#process = this.#fork();
  }

  #fork(): ChildProcess {
    this.#tasks = 0;
    return fork(this.#module, this.#args, { execArgv: ["--no-warnings"] });
  }

  /** Takes a new process, which has loaded nothing yet, when the one that it replaces has ended. */
  async replace(): Promise<void> {
    const old = this.#process;
    if (old.exitCode === null && old.signalCode === null) {
      old.kill();
      await once(old, "exit");
    }
    if (!this.#isStopped) this.#process = this.#fork();
  }

  /** Ends it, whatever it does. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.replace();
  }

  /** @throws {@link Error} with what is wrong */
  async perform(task: Task): Promise<void> {
    if (this.#isStopped) return;
    if (!this.#process.connected || this.#tasks >= MOST_TASKS) await this.replace();
    this.#tasks += 1;
    const settled = new AbortController();
    const { signal } = settled;
    const outcome = once(this.#process, "message", { signal }) as Promise<[Outcome]>;
    const ended = once(this.#process, "exit", { signal }).then((): [Outcome] => [{ error: "Its process has ended." }]);
    this.#process.send(task);
    const [{ error }] = await Promise.race([outcome, ended]).finally(() => settled.abort());
    if (error && !this.#isStopped) throw new Error(error);
  }
}

/** Does what the process is asked for that has started this one, one task after the other, until that one has gone. */
export function doTasks<Task extends object>(work: (task: Task) => Promise<void>): void {
  process.on("message", async (task: Task) => {
    const outcome: Outcome = await work(task).then(
      () => ({}),
      (error: Error) => ({ error: error.message }),
    );
    process.send?.(outcome);
  });
  process.on("disconnect", () => process.exit());
}
