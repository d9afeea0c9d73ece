import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The message that a process sends when a task is done. */
interface Outcome {
  /** The reason, when the task failed. */
  error?: string;
}

/** Tasks after which a new process takes over: modules that are loaded again are never freed. */
const MAX_TASKS = 40;

/** Runs tasks in one long-lived process: starting one takes longer than most tasks. */
export class WarmProcess<Task extends object> {
  readonly #module: string;
  readonly #args: string[];
  #process: ChildProcess;
  #tasks = 0;
  #isStopped = false;

  /**
   * @param module the file that it runs, relative to this one. It has to call {@link doTasks}.
   * @param args the arguments of the process
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

  /** Waits until the process has ended, and starts a new one, which has loaded nothing yet. */
  async replace(): Promise<void> {
    const old = this.#process;
    if (old.exitCode === null && old.signalCode === null) {
      old.kill();
      await once(old, "exit");
    }
    if (!this.#isStopped) this.#process = this.#fork();
  }

  /** Kills the process, whatever it does. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.replace();
  }

  /**
   * Waits until the process has ended by itself.
   * @throws {@link Error} with what that means, then
   */
  async failure(meaning: string): Promise<never> {
    await once(this.#process, "exit");
    throw new Error(`${meaning}: its process has ended.`);
  }

  /** @throws {@link Error} when the task fails */
  async perform(task: Task): Promise<void> {
    if (this.#isStopped) return;
    if (!this.#process.connected || this.#tasks >= MAX_TASKS) await this.replace();
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

/** Runs the parent process's tasks, one after the other, until the parent has gone. */
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
