#!/usr/bin/env node
import manifest from "../../package.json" with { type: "json" };
import { isAboutOptions, messageFor } from "../core/option-names.ts";
import type { LogFormat } from "../core/request-log.ts";
import { canRunPrism, PRISM_NODE } from "../prism-node.ts";
import { type Mock, startMock } from "../start.ts";
import { mockHelp, parseMockArguments, parseProxyArguments, proxyHelp } from "./arguments.ts";
import { configOptions, environmentOptions, nameIn } from "./settings.ts";

// The reader of the output may close it, as `head -1` does. The mock continues.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const print = (line: string) => console.log(line);

/** Formats a message: with `--log json` as an object on one line. */
const logged = (message: string, format: LogFormat = "lines") =>
  format === "json" ? JSON.stringify({ message }) : message;

/** Whether the words, the variables or the config file are wrong, which `imcloud` ends with the same code for. A port in use is not. */
const isUsageError = (error: unknown): boolean =>
  error instanceof TypeError || (isAboutOptions(error) && !Object.hasOwn(Object(error), "code"));

async function serve(words: string[]): Promise<void> {
  const { options, asked } = parseMockArguments(words);
  if (asked.help) return void process.stdout.write(mockHelp());
  if (asked.version) return print(manifest.version);
  const environment = environmentOptions(process.env);
  const config = await configOptions(asked.config);
  const settings = { ...config.options, ...environment, ...options };
  const mock = await startMock({ ...settings, ...(!asked.quiet && { print }) }).catch((cause: Error) => {
    const Type = isUsageError(cause) ? TypeError : Error;
    throw new Type(messageFor(cause, nameIn({ commandLine: options, environment, config })), { cause });
  });
  for (const message of announcement(mock)) print(logged(message, settings.log));
  closeOnSignal(mock);
}

/** The lines to print once a mock listens. */
function announcement({ url, credentials, certificate }: Mock): string[] {
  const { username, password, subscriptionKey, marketplace } = credentials;
  return [
    `The API responds at ${url}`,
    `Sign in as ${username} with ${password}, marketplace ${marketplace}, subscription key ${subscriptionKey}`,
    `Inspect and control it at ${new URL("/", url)}`,
    ...(certificate === undefined ? [] : [`Its certificate is at ${new URL("/__mock/certificate", url)}`]),
    ...(canRunPrism()
      ? []
      : [`On Node ${process.versions.node} the mock's core serves without Prism, which needs Node ${PRISM_NODE}.`]),
  ];
}

async function proxy(words: string[]): Promise<void> {
  const { options, asked } = parseProxyArguments(words);
  if (asked.help) return void process.stdout.write(proxyHelp());
  if (asked.version) return print(manifest.version);
  if (!canRunPrism())
    throw new Error(`The proxy needs Prism, which needs Node ${PRISM_NODE}; this is ${process.version}.`);
  // Loaded only for the proxy.
  const { startProxy } = await import("../proxy/proxy.ts");
  const running = await startProxy({ ...options, ...(!asked.quiet && { print }) });
  const message = `Give ${running.url} to your client as its base URL; calls pass on to ${options.target}`;
  print(logged(message, options.log));
  closeOnSignal(running);
}

function closeOnSignal(running: { close(): Promise<void> }): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => running.close());
}

try {
  const [first, ...rest] = process.argv.slice(2);
  await (first === "proxy" ? proxy(rest) : serve(process.argv.slice(2)));
} catch (error) {
  console.error(messageFor(error as Error, (option) => `--${option}`));
  process.exitCode = isUsageError(error) ? 2 : 1;
}
