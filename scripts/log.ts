import { parseArgs } from "node:util";

/** Does a step of a longer job, and tells how long it took, or that it failed. */
export async function logStep<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  let end = "failed";
  try {
    const result = await work();
    end = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    return result;
  } finally {
    console.log(`  ${name.padEnd(16)}${end}`);
  }
}

/** Refuses arguments of a script that takes none: it would do what it was not asked for, at length. */
export function takeNoArguments(): void {
  parseArgs({ options: {} });
}

/** Ends a script: its errors are sentences, so a user sees no stack trace. */
export function main(work: () => Promise<void>): void {
  work().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
