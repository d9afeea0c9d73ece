import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configFileIn, configOptions, environmentOptions, nameIn } from "./settings.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("configFileIn", () => {
  async function folderWith(...names: string[]): Promise<string> {
    const made = join(folder, String(Math.random()));
    await mkdir(made);
    for (const name of names) await writeFile(join(made, name), "{}");
    return made;
  }

  test("finds a file of JSON, JavaScript or TypeScript", async () => {
    for (const extension of ["json", "js", "mjs", "cjs", "ts", "mts", "cts"]) {
      const name = `imcloud-mock.config.${extension}`;
      expect(configFileIn(await folderWith(name, "other.json"))).toBe(name);
    }
    expect(configFileIn(await folderWith("other.json"))).toBeUndefined();
  });

  test("refuses two, and one that is not read, with a clear message", async () => {
    const two = await folderWith("imcloud-mock.config.json", "imcloud-mock.config.mjs");
    expect(() => configFileIn(two)).toThrow("Keep one of imcloud-mock.config.mjs and imcloud-mock.config.json");
    const unread = await folderWith("imcloud-mock.config.json", "imcloud-mock.config.yaml");
    expect(() => configFileIn(unread)).toThrow("imcloud-mock.config.yaml is not read; write imcloud-mock.config.json");
  });
});

describe("configOptions", () => {
  test("refuses a named file that is missing", async () => {
    await expect(configOptions("none.json")).rejects.toThrow(
      "none.json cannot be used for config: there is no such file",
    );
  });

  test.each<[content: unknown, sentence: string]>([
    [{ sise: "small" }, 'has no option "sise"; there are port,'],
    [{ size: "Large" }, 'size takes one of small, medium, large; got "Large".'],
    [{ port: "4010" }, 'port takes a whole number from 0 to 65535; got "4010".'],
    [{ latency: "50" }, "latency takes a whole number of milliseconds"],
    [{ time: "2027-01-01T00:00:00" }, "time takes a date"],
    [{ host: "" }, 'host takes the name or address to listen on; got "".'],
    [{ tls: "yes" }, 'tls takes true or false; got "yes".'],
    [{ print: "x" }, 'has no option "print"'],
    [{ speed: null }, "speed takes a number"],
    [{ fixtures: ["a"] }, 'fixtures takes an object of fixtures, or the name of a file of them; got ["a"].'],
    ['{"__proto__": 1}', 'has no option "__proto__"'],
    [[], "it does not hold an object"],
    ["{", "cannot be used for config: "],
  ])("refuses %j with a clear message that names the file", async (content, sentence) => {
    const file = join(folder, `${Math.random()}.json`);
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    const { message } = await configOptions(file).then(
      () => expect.fail("it was taken"),
      (error: Error) => error,
    );
    expect(message).toContain(sentence);
    expect(message).toContain(file);
  });

  test.each<[module: string, sentence: string]>([
    ["throw null", "cannot be used for config: null"],
    ["export default { port: 4010n }", "port takes a whole number from 0 to 65535; got 4010."],
    ["const a = {}; a.a = a; export default { size: a }", "size takes one of small, medium, large; got object."],
    ["export default { log: () => {} }", "log takes one of lines, json; got function."],
    ["export const port = 1", "it does not hold an object, and a module exports one as default"],
  ])("refuses the module %j with a clear message", async (content, sentence) => {
    const file = join(folder, `${Math.random()}.mjs`);
    await writeFile(file, content);
    await expect(configOptions(file)).rejects.toThrow(sentence);
  });
});

describe("environmentOptions", () => {
  test("reads what begins with IMCLOUD_MOCK_", () => {
    const environment = { IMCLOUD_MOCK_FILES_PORT: "4011", IMCLOUD_MOCK_LATENCY: "20-80", PATH: "/bin" };
    expect(environmentOptions(environment)).toEqual({ filesPort: 4011, latency: { from: 20, to: 80 } });
  });

  test("takes true and false as words", () => {
    const environment = { IMCLOUD_MOCK_STATELESS: "true", IMCLOUD_MOCK_ONE_OPEN_ORDER: "false" };
    expect(environmentOptions(environment)).toEqual({ stateless: true, oneOpenOrder: false });
  });

  test.each<[variable: string, value: string, sentence: string]>([
    ["IMCLOUD_MOCK_PROT", "1", "There is no IMCLOUD_MOCK_PROT; there are IMCLOUD_MOCK_PORT,"],
    ["IMCLOUD_MOCK_HOST", "", 'IMCLOUD_MOCK_HOST takes the name or address to listen on; got "".'],
    ["IMCLOUD_MOCK_SEED", "", "IMCLOUD_MOCK_SEED takes a whole number"],
    ["IMCLOUD_MOCK_TLS", "1", 'IMCLOUD_MOCK_TLS takes true or false; got "1".'],
    ["IMCLOUD_MOCK_TLS", "toString", "IMCLOUD_MOCK_TLS takes true or false"],
    ["IMCLOUD_MOCK_LATENCY", "10-20-30", "IMCLOUD_MOCK_LATENCY takes a whole number of milliseconds"],
    ["IMCLOUD_MOCK_PRINT", "x", "There is no IMCLOUD_MOCK_PRINT"],
    ["IMCLOUD_MOCK_PORT", "0x10", 'IMCLOUD_MOCK_PORT takes a whole number from 0 to 65535; got "0x10".'],
    ["IMCLOUD_MOCK_SPEED", " 1", "IMCLOUD_MOCK_SPEED takes a number"],
  ])("refuses %s=%j with a clear message", (variable, value, sentence) => {
    expect(() => environmentOptions({ [variable]: value })).toThrow(sentence);
  });
});

describe("nameIn", () => {
  const settings = {
    commandLine: { size: "small" },
    environment: { size: "small", tlsKey: "x.pem" },
    config: { file: "a.json", options: { size: "small", tlsKey: "x.pem", oneOpenOrder: false } },
  } as const;

  test.each([
    ["size", "--size"],
    ["tlsKey", "IMCLOUD_MOCK_TLS_KEY"],
    ["oneOpenOrder", "oneOpenOrder in a.json"],
    ["filesPort", "--files-port"],
  ])("has %s as %s, where it was set first", (option, name) => {
    expect(nameIn(settings)(option)).toBe(name);
  });
});
