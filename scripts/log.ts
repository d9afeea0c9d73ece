import { parseArgs } from "node:util";

/** Runs a step, and prints how long it took, or that it failed. */
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

/** Refuses arguments in a script that takes none, before it starts a long job that was not meant. */
export function takeNoArguments(): void {
  parseArgs({ options: {} });
}

/** Runs a script. Errors are printed as sentences, without a stack trace. */
export function main(work: () => Promise<void>): void {
  work().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
