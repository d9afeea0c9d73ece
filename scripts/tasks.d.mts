import tasks from "./tasks.json" with { type: "json" };

/** The name of a task, such as `start`. */
export type Task = keyof typeof tasks;

/** An option with a value takes a string, or several; another is a switch. */
type Value<Option> = Option extends { value: string }
  ? Option extends { repeats: boolean }
    ? string[]
    : string
  : boolean;

/** The values of a task's options that are given. */
export type TaskOptions<Name extends Task> = {
  [Option in keyof (typeof tasks)[Name]["options"]]?: Value<(typeof tasks)[Name]["options"][Option]>;
};

/** Whether `run.mjs` runs a task of this name. */
export declare const isTask: (name: string) => name is Task;

/** What Node runs a task with: its own options, and the path of the task's file. */
export declare function programOf(task: Task): string[];

/**
 * Parses the command line of a task.
 * @param args the arguments after the task's name. @defaultValue those of this process
 * @throws {@link TypeError} for an option that the task does not have
 */
export declare function optionsOf<Name extends Task>(task: Name, args?: string[]): TaskOptions<Name>;

/** What `--help` prints of a task. */
export declare function usageOf(task: Task): string;
