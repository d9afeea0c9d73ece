import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { formatValue } from "../core/format-value.ts";
import type { NameOf } from "../core/option-names.ts";
import { loadFile } from "../options/load-file.ts";
import { type MockOptions, mockOptions } from "../options/mock-options.ts";
import type { Option } from "../options/option.ts";

const table: Readonly<Record<string, Option<unknown>>> = { ...mockOptions };

/** The names of the options that the command line has. */
const names = Object.keys(table).filter((name) => table[name]?.flag !== undefined);

const PREFIX = "IMCLOUD_MOCK_";

/** `IMCLOUD_MOCK_FILES_PORT` for `filesPort`. */
const variableOf = (name: string): string =>
  `${PREFIX}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Parses the text of an option. A flag is `true` or `false`, as an environment variable always has a value. */
function readText({ placeholder, fromText }: Option<unknown>, text: string): unknown {
  if (placeholder !== undefined) return fromText(text);
  return { true: true, false: false }[text];
}

/**
 * The options of a mock in the environment, for containers: `IMCLOUD_MOCK_SIZE=medium`.
 * @throws {@link TypeError} for an unknown variable, or a value that it does not take
 */
export function environmentOptions(environment: Readonly<Record<string, string | undefined>>): MockOptions {
  const known = new Map(names.map((name) => [variableOf(name), name]));
  const given = Object.entries(environment).filter(([variable]) => variable.startsWith(PREFIX));
  return Object.fromEntries(
    given.map(([variable, text = ""]) => {
      const name = known.get(variable);
      const option = name === undefined ? undefined : table[name];
      if (!name || !option) throw new TypeError(`There is no ${variable}; there are ${[...known.keys()].join(", ")}.`);
      const value = readText(option, text);
      if (option.isRight(value)) return [name, value];
      throw new TypeError(`${variable} takes ${option.takes}; got ${formatValue(text)}.`);
    }),
  );
}

/** The contents of a config file. */
export interface ConfigFile {
  /** Its name; `undefined` where there is none. */
  file?: string;
  options: MockOptions;
}

const NAME = "imcloud-mock.config";
const EXTENSIONS = ["ts", "mts", "cts", "js", "mjs", "cjs", "json"];
/** What other tools read their config files of. */
const OTHER_EXTENSIONS = ["jsonc", "json5", "yaml", "yml", "toml"];

/**
 * The name of the config file in a folder; `undefined` where there is none.
 * @throws {@link TypeError} with a message for people where there is more than one, or one that is not read
 */
export function configFileIn(folder: string): string | undefined {
  const filesOf = (extensions: readonly string[]) =>
    extensions.map((extension) => `${NAME}.${extension}`).filter((file) => existsSync(resolve(folder, file)));
  const [unread] = filesOf(OTHER_EXTENSIONS);
  if (unread !== undefined) throw new TypeError(`${unread} is not read; write ${NAME}.json or ${NAME}.ts.`);
  const found = filesOf(EXTENSIONS);
  if (found.length > 1) throw new TypeError(`Keep one of ${found.join(" and ")}, or name one with --config.`);
  return found[0];
}

/**
 * Reads the options of `startMock` from a config file. File names in it are relative to its folder.
 * @param named the file. @defaultValue `imcloud-mock.config.ts`, `.mjs`, `.js` or `.json` in the working directory
 * @throws {@link Error} with a message for people when it cannot be read, or has something wrong in it
 */
export async function configOptions(named: string | undefined): Promise<ConfigFile> {
  const file = named ?? configFileIn(process.cwd());
  if (file === undefined) return { options: {} };
  const given = await loadFile(file, "config");
  const options = Object.fromEntries(
    Object.entries(given).map(([name, written]) => {
      const option = names.includes(name) ? table[name] : undefined;
      if (!option) throw new TypeError(`${file} has no option "${name}"; there are ${names.join(", ")}.`);
      const value = option.isText && typeof written === "string" ? option.fromText(written) : written;
      if (written !== undefined && !option.isRight(value)) {
        throw new TypeError(`${file}: ${name} takes ${option.takes}; got ${formatValue(written)}.`);
      }
      return [name, option.isFile && typeof value === "string" ? resolve(dirname(file), value) : value];
    }),
  );
  return { file, options };
}

/** The sources of a mock's options, in order of precedence. */
export interface Settings {
  commandLine: MockOptions;
  environment: MockOptions;
  config: ConfigFile;
}

/** The name of an option where it was set: its flag, its variable, or its name in the config file. */
export const nameIn =
  ({ commandLine, environment, config }: Settings): NameOf =>
  (name) => {
    const flag = `--${table[name]?.flag ?? name}`;
    if (name in commandLine) return flag;
    if (name in environment) return variableOf(name);
    return name in config.options ? `${name} in ${config.file}` : flag;
  };
