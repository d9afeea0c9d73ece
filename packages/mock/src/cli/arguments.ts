import { parseArgs } from "node:util";
import { formatValue } from "../core/format-value.ts";
import type { MockOptions } from "../options/mock-options.ts";
import { mockOptions } from "../options/mock-options.ts";
import type { Option, OptionValues } from "../options/option.ts";
import { type ProxyOptions, proxyOptions } from "../options/proxy-options.ts";

type AnyOption = Option<unknown>;
type Entries = readonly [name: string, option: AnyOption & { flag: string }][];

/** The options that have a command-line flag. */
const flagsOf = (table: object): Entries =>
  Object.entries(table as Record<string, AnyOption>).flatMap(([name, option]) =>
    option.flag === undefined ? [] : [[name, { ...option, flag: option.flag }] as const],
  );

const takesValue = ({ placeholder }: AnyOption) => placeholder !== undefined;

/** Arguments that both commands take besides their options. */
interface Asked {
  help: boolean;
  version: boolean;
  quiet: boolean;
  /** The name of the config file; `undefined` if not given. */
  config: string | undefined;
}

/** Flags of the mock's command besides its options. */
const CONFIG = { config: { type: "string" } } as const;

/** Joins each negative number to its option, so that it is not parsed as an option. */
function withNumbers(args: readonly string[], valued: ReadonlySet<string>): string[] {
  const words: string[] = [];
  for (const word of args) {
    const before = words.at(-1);
    if (/^-\d/.test(word) && before !== undefined && valued.has(before)) words[words.length - 1] = `${before}=${word}`;
    else words.push(word);
  }
  return words;
}

interface ParseSettings {
  allowPositionals?: boolean;
  /** Flags of this command only. */
  more?: typeof CONFIG | Record<string, never>;
}

/**
 * Parses a command line by a table of options.
 * @throws {@link TypeError} with a message for people
 */
function parse(table: object, args: string[], { allowPositionals = false, more = {} }: ParseSettings) {
  const flags = flagsOf(table);
  const valued = new Set(flags.filter(([, option]) => takesValue(option)).map(([, { flag }]) => `--${flag}`));
  const { values, positionals, tokens } = parseArgs({
    tokens: true,
    args: withNumbers(args, valued),
    allowPositionals,
    options: {
      ...Object.fromEntries(
        flags.map(([, option]) => [option.flag, { type: takesValue(option) ? "string" : "boolean" } as const]),
      ),
      ...more,
      quiet: { type: "boolean" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
  });
  const named = (tokens as readonly { kind: string; name?: string; value?: unknown }[]).flatMap(
    ({ kind, name, value }) => (kind === "option" && value !== undefined ? [String(name)] : []),
  );
  const twice = named.find((name, at) => named.indexOf(name) !== at);
  if (twice !== undefined) throw new TypeError(`--${twice} is given twice; give it once.`);
  const given = values as Readonly<Record<string, string | boolean | undefined>>;
  const options = flags.flatMap(([name, option]) => {
    const word = given[option.flag];
    if (word === undefined) return [];
    const value = option.fromText(String(word));
    if (option.isRight(value)) return [[name, value]];
    throw new TypeError(`--${option.flag} takes ${option.takes}; got ${formatValue(word)}.`);
  });
  const asked: Asked = {
    ...{ help: given.help === true, version: given.version === true, quiet: given.quiet === true },
    config: given.config === undefined ? undefined : String(given.config),
  };
  if (asked.config === "") throw new TypeError('--config takes the name of a file; got "".');
  return { options: Object.fromEntries(options) as OptionValues<typeof table>, positionals, asked };
}

/**
 * Parses the command line of a mock.
 * @throws {@link TypeError} with a message for people
 */
export function parseMockArguments(args: string[]): { options: MockOptions; asked: Asked } {
  return parse(mockOptions, args, { more: CONFIG });
}

/**
 * Parses the command line of the proxy, without its first argument.
 * @throws {@link TypeError} with a message for people
 */
export function parseProxyArguments(args: string[]): { options: ProxyOptions; asked: Asked } {
  const { options, positionals, asked } = parse(proxyOptions, args, { allowPositionals: true });
  const [target = "", ...more] = positionals;
  const isTold = asked.help || asked.version;
  if (!isTold && (target === "" || more.length)) {
    throw new TypeError("imcloud-mock proxy takes one URL, that of the API.");
  }
  return { options: { ...options, target }, asked };
}

const COLUMN = 22;

function helpLine(words: string, help: string): string {
  return `  ${words.padEnd(COLUMN - 2)} ${help}`;
}

function optionLine(option: AnyOption & { flag: string }): string {
  const words = `--${option.flag}${option.placeholder ? ` ${option.placeholder}` : ""}`;
  const isTold = option.default !== undefined && typeof option.default !== "boolean";
  return helpLine(words, `${option.help}${isTold ? ` (default: ${option.default})` : ""}`);
}

function helpOf(head: string, table: object, more: readonly string[] = []): string {
  const lines = [
    ...flagsOf(table).map(([, option]) => optionLine(option)),
    ...more,
    helpLine("--quiet", "prints no line for each request"),
    helpLine("--version", "prints the version"),
    helpLine("--help", "prints this text"),
  ];
  return `${head}\n\n${lines.join("\n")}\n`;
}

export const mockHelp = (): string =>
  `${helpOf("imcloud-mock: a mock of the Cloud Marketplace API on this machine", mockOptions, [
    helpLine("--config FILE", "reads options from a file, and not from imcloud-mock.config.json (or .ts, .js)"),
  ])}
Each option of the mock is a variable of the environment too (IMCLOUD_MOCK_FILES_PORT=4011), and a member of a config file (filesPort). The
command line goes first, then the environment, then the file. --several-open-orders is IMCLOUD_MOCK_ONE_OPEN_ORDER=false and oneOpenOrder: false;
--config, --quiet, --version and --help are there on the command line alone.

  imcloud-mock proxy URL   stands between a client and a real API, and tells what breaks the document;
                           imcloud-mock proxy --help has its options
`;

export const proxyHelp = (): string =>
  helpOf(
    "imcloud-mock proxy URL: stands between a client and a real API, and tells what breaks the document",
    proxyOptions,
  );
