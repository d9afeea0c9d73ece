#!/usr/bin/env node
import { parseArguments } from "./arguments.ts";
import { startMock } from "./start.ts";

const HELP = `imcloud-mock: a mock server of the Cloud Marketplace API

  --port N     port to listen on (4010; 0 for any that is free)
  --host NAME  address to listen on (127.0.0.1)
  --help       this text
`;

try {
  const { help, ...options } = parseArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(HELP);
  } else {
    const mock = await startMock(options);
    const { username, password, subscriptionKey, marketplace } = mock.credentials;
    console.log(`The API answers at ${mock.url}`);
    console.log(
      `Sign in as ${username} with ${password}, marketplace ${marketplace}, subscription key ${subscriptionKey}`,
    );
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => mock.close());
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
