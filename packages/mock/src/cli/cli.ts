#!/usr/bin/env node
import { startMock } from "../start.ts";
import { HELP, parseArguments, parseProxyArguments } from "./arguments.ts";

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
  closeAtEnd(mock);
}

async function proxy(words: string[]): Promise<void> {
  const options = parseProxyArguments(words);
  // Only those who ask for the proxy wait for its code.
  const { startProxy } = await import("../proxy/proxy.ts");
  const running = await startProxy({ ...options, print: (line) => console.log(line) });
  console.log(`Give ${running.url} to your client as its base URL; calls pass on to ${options.target}`);
  closeAtEnd(running);
}

function closeAtEnd(running: { close(): Promise<void> }): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => running.close());
}

try {
  const [first, ...rest] = process.argv.slice(2);
  await (first === "proxy" ? proxy(rest) : serve(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
