import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { startMock } from "@imcloud/mock";
import { logStep, main } from "../../scripts/log.ts";
import { publicPackages } from "../../scripts/manifests.ts";
import { optionsOf } from "../../scripts/tasks.mjs";
import { settingsOf } from "../docs/run.ts";
import { consumers, tryConsumer } from "./consumers.ts";
import { followReadme } from "./readmes.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { inEmptyFolder, nodes } from "./run.ts";
import { checkTypes } from "./types.ts";

/** What each check gets. */
interface Released {
  /** Runs a step. A failure is recorded, and the next steps still run. */
  attempt(name: string, work: () => Promise<unknown>): Promise<void>;
  registry: Registry;
  /** The `IMCLOUD_*` settings of a running mock. */
  settings: Record<string, string>;
}

/** Prints the packed and unpacked size of each package. */
async function sizes({ registry: { packed } }: Released): Promise<void> {
  const rows = await Promise.all(
    packed.map(async ({ name, version, tarball }) => ({
      name,
      version,
      "kB packed": (await stat(tarball)).size / 1_000,
    })),
  );
  console.table(rows);
}

/** The error of a README's first steps where they need a newer Node than the package. */
const REFUSED_BY_NODE_20: Record<string, string> = {
  "@imcloud/stores": "sqliteStore needs Node 22.13",
  "@imcloud/sync": "SQLite needs Node 22.13",
};

/** Follows the first steps of each README, in an empty folder on each Node. */
async function readmes({ attempt, registry: { npmrc }, settings }: Released): Promise<void> {
  for (const { manifest, path } of await publicPackages()) {
    const readme = await readFile(join(path, "README.md"), "utf8");
    for (const [version, node] of Object.entries(nodes)) {
      await attempt(`${manifest.name.replace("@imcloud/", "")} on ${version}`, () =>
        inEmptyFolder(async (folder) => {
          const place = { folder, node, npmrc, baseUrl: String(settings.IMCLOUD_BASE_URL) };
          const refusal = version === "20" ? REFUSED_BY_NODE_20[manifest.name] : undefined;
          if (!refusal) return followReadme(readme, place);
          const said = await followReadme(readme, place).catch((error: Error) => error.message);
          if (!said.includes(refusal)) throw new Error(`It says\n${said}\nand not\n${refusal}`);
        }),
      );
    }
  }
}

/** Installs each app of `test/consumers/apps`, and checks that it works. */
async function apps({ attempt, registry: { npmrc }, settings }: Released): Promise<void> {
  for (const name of Object.keys(consumers)) {
    await attempt(name, () => inEmptyFolder((folder) => tryConsumer(name, { folder, npmrc, settings })));
  }
}

/** Type-checks a program that uses every package, by each TypeScript. */
const types = ({ attempt, registry: { npmrc } }: Released) =>
  inEmptyFolder((folder) => checkTypes(folder, npmrc, attempt));

const parts: Record<string, (released: Released) => Promise<void>> = { sizes, readmes, apps, types };

/** Publishes every package to a registry on the loopback, and uses them as users do. `--part` chooses some checks. */
main(async () => {
  const { part: chosen = Object.keys(parts) } = optionsOf("release:check");
  const unknown = chosen.find((name) => !Object.hasOwn(parts, name));
  if (unknown) throw new Error(`There is no part ${unknown}; take ${Object.keys(parts).join(", ")}.`);
  const registry = await startRegistry();
  const mock = await startMock({ port: 0, speed: 1_000 });
  const failed: string[] = [];
  try {
    const { IMCLOUD_TOKEN: _, ...settings } = await settingsOf(mock);
    const attempt = (name: string, work: () => Promise<unknown>) =>
      logStep(name, work).then(
        () => {},
        (error: Error) => void failed.push(`${name}: ${error.message}`),
      );
    const released = { attempt, registry, settings };
    for (const name of chosen) {
      console.log(`\n${name}`);
      await parts[name]?.(released);
    }
  } finally {
    await mock.close();
    await registry.close();
  }
  if (failed.length) throw new Error(failed.join("\n\n"));
});
