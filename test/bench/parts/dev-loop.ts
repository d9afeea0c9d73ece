import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import credentials from "@imcloud/mock/credentials.json" with { type: "json" };
import document from "@imcloud/spec/openapi.json" with { type: "json" };
import type { Browser, Page } from "playwright-core";
import { ensurePackages, ensurePages } from "../../../scripts/build.ts";
import { paths } from "../../../scripts/paths.ts";
import { launchBrowser } from "../../browser/browser.ts";
import { freePort } from "../../support/free-port.ts";
import { tokenOf } from "../../support/token.ts";
import { endWithParent } from "../children.ts";
import { type Budget, byTurns, type Part, type Row, row } from "../measure.ts";
import { undoAtExit } from "../undo.ts";

const ROUNDS = 3;
/** Milliseconds after which a change counts as lost. */
const ARRIVAL_TIMEOUT = 60_000;
/** Milliseconds between two checks. */
const POLL_INTERVAL = 20;
/** Seconds in which a change has to arrive everywhere. */
const LIMIT = 2;
/** Milliseconds to wait after a change, until the files are made that nobody waits for. */
const SETTLE_TIME = 3_000;

/** What `npm run dev` serves, as a developer uses it. */
interface Served {
  mock: string;
  docs: string;
  /** Signed in once, before the first change. */
  headers: Record<string, string>;
  /** Open pages by their address. They are never reloaded by hand. */
  pages: ReadonlyMap<string, Page>;
}

/** A change of one file, and how to see that it has arrived. */
interface Change {
  what: string;
  file: string;
  /** Puts a word into the file's text, which is empty where there is no such file yet. */
  edit: (text: string, word: string) => string;
  /** For each place, whether the word has arrived there. */
  places: Record<string, (served: Served, word: string) => Promise<boolean>>;
}

const sale = document.components.examples.SalesOrderCreate.value;

const holds = async (file: string, word: string) => (await readFile(file, "utf8")).includes(word);

/** Whether an open page shows a word in its text, or in the value of a style. */
const shows =
  (address: string) =>
  async ({ pages }: Served, word: string): Promise<boolean> => {
    const script = `document.body.textContent.includes("${word}")
      || getComputedStyle(document.documentElement).getPropertyValue("--${word}") !== ""`;
    return Boolean(await pages.get(address)?.evaluate(script));
  };

/** Whether the mock reads the field of this name as an integer. */
async function isInteger({ mock, headers }: Served, field: string): Promise<boolean> {
  const body = JSON.stringify({ [field]: "text" });
  const response = await fetch(`${mock}/customers/1002101`, { method: "PATCH", headers, body });
  return response.status === 400 && (await response.text()).includes("integer");
}

const OPERATION = "operations/customers_update";
const GUIDE = "guides/selling";
const EXAMPLE = "example/";

const changes: readonly Change[] = [
  {
    what: "a field of the document",
    file: join(paths.openapi, "components/schemas/CustomerUpdate.yaml"),
    edit: (text, word) =>
      text.replace(/^( *)properties:\n/m, `$&$1  ${word}:\n$1    type: integer\n$1    description: Field ${word}.\n`),
    places: {
      types: (_, word) => holds(join(paths.spec, "schema.d.ts"), word),
      mock: isInteger,
      page: shows(OPERATION),
    },
  },
  {
    what: "the mock's source",
    file: join(paths.mock, "src/core/api/api.ts"),
    edit: (text, word) => text.replace("The API responds here.", word),
    places: { mock: async ({ mock }, word) => (await (await fetch(`${mock}/`)).text()).includes(word) },
  },
  {
    what: "the client's source",
    file: join(paths.client, "src/index.ts"),
    edit: (text, word) => `${text}\n/** A word. */\nexport const ${word}: string = "${word}";\n`,
    places: {
      code: (_, word) => holds(join(paths.client, "dist/index.js"), word),
      types: (_, word) => holds(paths.clientTypes, word),
    },
  },
  {
    what: "a guide",
    file: join(paths.guides, "selling.md"),
    edit: (text, word) => `${text}\n${word}\n`,
    places: { page: shows(GUIDE) },
  },
  {
    what: "a new guide",
    file: join(paths.guides, "dev-loop.md"),
    edit: (_, word) => `---\ntitle: Guide ${word}\ndescription: It is new.\n---\n\nIt is new.\n`,
    places: {
      menu: shows(OPERATION),
      search: async ({ docs }, word) => (await (await fetch(`${docs}/search-index.js`)).text()).includes(word),
    },
  },
  {
    what: "the example app",
    file: join(paths.examplePackage, "src/styles.css"),
    edit: (text, word) => `${text}\n:root { --${word}: 1; }\n`,
    places: { page: shows(EXAMPLE) },
  },
  {
    what: "a component of the docs",
    file: join(paths.docsPackage, "src/components/PageTitle.astro"),
    edit: (text, word) => `${text}\n<p>${word}</p>\n`,
    places: { page: shows(GUIDE) },
  },
  {
    what: "a style of the docs",
    file: join(paths.docsPackage, "src/styles/theme.css"),
    edit: (text, word) => `${text}\n:root { --${word}: 1; }\n`,
    places: { page: shows(GUIDE) },
  },
  {
    what: "the shared theme",
    file: join(paths.theme, "static/tokens.css"),
    edit: (text, word) => `${text}\n:root { --${word}: 1; }\n`,
    places: { page: shows(GUIDE) },
  },
];

/** Polls until a condition holds, and gives the seconds since a time. A check that throws counts as not yet. */
async function secondsUntil(what: string, since: number, isSo: () => Promise<boolean>): Promise<number> {
  const begun = performance.now();
  while (performance.now() - begun < ARRIVAL_TIMEOUT) {
    if (await isSo().catch(() => false)) return (performance.now() - since) / 1000;
    await wait(POLL_INTERVAL);
  }
  throw new Error(`${what} did not arrive in ${ARRIVAL_TIMEOUT / 1000} seconds.`);
}

function startDev(port: number, docsPort: number): ChildProcess {
  const args = [join(paths.root, "scripts/dev.ts"), "--port", String(port), "--docs-port", String(docsPort)];
  const dev = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"], cwd: paths.root });
  // It ends its own processes at that signal.
  return endWithParent(dev, "SIGINT");
}

/** Waits until dev serves, signs in, and opens the pages that will change. */
async function openServed(port: number, docsPort: number, browser: Browser): Promise<Served> {
  const [mock, docs] = [`http://127.0.0.1:${port}/marketplace`, `http://127.0.0.1:${docsPort}`];
  const isOk = (url: string) => async () => (await fetch(url)).ok;
  await secondsUntil("The mock", performance.now(), isOk(`${mock}/`));
  const pages = new Map<string, Page>();
  for (const address of [OPERATION, GUIDE, EXAMPLE]) {
    await secondsUntil(address, performance.now(), isOk(`${docs}/${address}`));
    const page = await browser.newPage();
    await page.goto(`${docs}/${address}`);
    pages.set(address, page);
  }
  const headers = {
    authorization: `Bearer ${await tokenOf({ url: mock, credentials })}`,
    "content-type": "application/json",
    "x-subscription-key": credentials.subscriptionKey,
  };
  return { mock, docs, headers, pages };
}

/** Seconds until a change was in each place. */
type Arrivals = Map<string, number>;

/** Makes a change, measures the seconds until it is in each place, and undoes it. */
async function arrivals(served: Served, change: Change, word: string): Promise<Arrivals> {
  const { what, file, edit, places } = change;
  const before = await readFile(file, "utf8").catch(() => undefined);
  const changed = edit(before ?? "", word);
  if (changed === before) throw new Error(`${file} has no place for the change.`);
  const entries = Object.entries(places);
  const restore = () => (before === undefined ? rmSync(file) : writeFileSync(file, before));
  const noteRestored = undoAtExit(restore);
  try {
    const since = performance.now();
    await writeFile(file, changed);
    const found = entries.map(
      async ([place, has]): Promise<[string, number]> => [
        place,
        await secondsUntil(`${what} (${place})`, since, () => has(served, word)),
      ],
    );
    return new Map(await Promise.all(found));
  } finally {
    await wait(SETTLE_TIME);
    restore();
    noteRestored();
    for (const [place, has] of entries) {
      await secondsUntil(`${what} as before (${place})`, performance.now(), async () => !(await has(served, word)));
    }
    await wait(SETTLE_TIME);
  }
}

/** The rows and budgets of a change. */
function partOf({ what, places }: Change, rounds: Arrivals[]): Part {
  const rows = Object.keys(places).map((place) =>
    row(
      what,
      place,
      "s",
      rounds.map((found) => found.get(place) ?? Number.NaN),
    ),
  );
  const budgets = rows.map(({ who, median: ratio, low, high }): Budget => {
    const name = `seconds until ${what} is in the ${who}`;
    return { name, ratio, limit: LIMIT, is: "at most", spread: { low, high }, isOnClock: true, contenders: [what] };
  });
  return { rows, budgets };
}

/** Places an order. The returned function checks that it is still there, with the same token. */
async function placeOrder({ mock, headers }: Served): Promise<() => Promise<void>> {
  const placed = await fetch(`${mock}/orders`, { method: "POST", headers, body: JSON.stringify(sale) });
  const { id } = (await placed.json()) as { id: string };
  return async () => {
    const { status } = await fetch(`${mock}/orders/${id}`, { headers });
    if (status !== 200) throw new Error(`After the changes the order ${id} gives ${status}.`);
  };
}

/**
 * Seconds from saving a file until `npm run dev` shows the change. Changes files of the checkout, and restores them.
 * @throws {@link Error} when a change does not arrive, or the mock has lost its data or the token
 */
export async function devLoop(): Promise<Part> {
  // Dev would first build what is missing, which would count as waiting.
  await ensurePackages();
  await ensurePages();
  const [port, docsPort] = [await freePort(), await freePort()];
  const dev = startDev(port, docsPort);
  const ended = once(dev, "exit");
  const browser = await launchBrowser();
  try {
    const served = await openServed(port, docsPort, browser);
    const checkOrder = await placeOrder(served);
    const rows: Row[] = [];
    const budgets: Budget[] = [];
    for (const [at, change] of changes.entries()) {
      let round = 0;
      const measure = async () => {
        const found = await arrivals(served, change, `devLoop${at}x${round++}`);
        await checkOrder();
        return found;
      };
      const budgetsOf = (found: Map<string, Arrivals[]>) => partOf(change, found.get(change.what) ?? []).budgets;
      const found = await byTurns([change.what], ROUNDS, measure, budgetsOf);
      const part = partOf(change, found.get(change.what) ?? []);
      rows.push(...part.rows);
      budgets.push(...part.budgets);
    }
    return { rows, budgets };
  } finally {
    await browser.close();
    dev.kill("SIGINT");
    await ended;
  }
}
