#!/usr/bin/env node
import { HELP, parseArguments } from "./arguments.ts";
import { startMock } from "./start.ts";

async function serve(words: string[]): Promise<void> {
  const { help, quiet, ...options } = parseArguments(words);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const mock = await startMock({ ...options, ...(!quiet && { print: (line) => console.log(line) }) });
  const { username, password, subscriptionKey, marketplace } = mock.credentials;
  console.log(`The API answers at ${mock.url}`);
  console.log(
    `Sign in as ${username} with ${password}, marketplace ${marketplace}, subscription key ${subscriptionKey}`,
  );
  console.log(`See and steer it at ${new URL("/", mock.url)}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => mock.close());
}

try {
  await serve(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
