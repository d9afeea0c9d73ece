import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import credentials from "@imcloud/mock/credentials.json" with { type: "json" };
import document from "@imcloud/spec/openapi.json" with { type: "json" };
import type { Browser, Page } from "playwright-core";
import { ensurePackages, ensurePages } from "../../../scripts/build.ts";
import { paths } from "../../../scripts/paths.ts";
import { launchBrowser } from "../../browser/browser.ts";
import { tokenOf } from "../../support/token.ts";
import { type Budget, type Part, type Row, row } from "../measure.ts";

const ROUNDS = 3;
/** Milliseconds after which a change counts as one that never arrives. */
const PATIENCE = 60_000;
/** Milliseconds between two looks. */
const PAUSE = 20;
/** Seconds in which a change is to be everywhere. */
const LIMIT = 2;
/** Milliseconds in which what a change has made besides, which nobody waits for, is done. */
const REST = 3_000;

/** What dev serves, as somebody uses it who develops. */
interface Served {
  mock: string;
  /** Signed in once, before the first change. */
  headers: Record<string, string>;
  /** Pages that stay open, by their address: nobody loads them again. */
  pages: ReadonlyMap<string, Page>;
}

/** A change of one file, and how one sees that it has arrived. */
interface Change {
  what: string;
  file: string;
  /** The file's text with a word in it. */
  edit: (text: string, word: string) => string;
  /** Whether the word has arrived, by where one looks. */
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

/** Looks until something is so, and gives the seconds since a time. What cannot be asked meanwhile is not so yet. */
async function secondsUntil(what: string, since: number, isSo: () => Promise<boolean>): Promise<number> {
  const begun = performance.now();
  while (performance.now() - begun < PATIENCE) {
    if (await isSo().catch(() => false)) return (performance.now() - since) / 1000;
    await wait(PAUSE);
  }
  throw new Error(`${what} did not arrive in ${PATIENCE / 1000} seconds.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

function startDev(port: number, docsPort: number): ChildProcess {
  const words = [join(paths.root, "scripts/dev.ts"), "--port", String(port), "--docs-port", String(docsPort)];
  return spawn(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"], cwd: paths.root });
}

/** Waits until dev serves, signs in, and opens the pages that are to change. */
async function whenServed(port: number, docsPort: number, browser: Browser): Promise<Served> {
  const [mock, docs] = [`http://127.0.0.1:${port}/marketplace`, `http://127.0.0.1:${docsPort}`];
  const isOk = (url: string) => async () => (await fetch(url)).ok;
  await secondsUntil("The mock", performance.now(), isOk(`${mock}/`));
  const pages = new Map<string, Page>();
  for (const address of [OPERATION, GUIDE]) {
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
  return { mock, headers, pages };
}

/** Makes a change, gives the seconds until it is in each place, and takes it back. */
async function arrivals(served: Served, change: Change, word: string): Promise<Map<string, number>> {
  const { what, file, edit, places } = change;
  const before = await readFile(file, "utf8");
  const changed = edit(before, word);
  if (changed === before) throw new Error(`${file} has no place for the change.`);
  const entries = Object.entries(places);
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
    await wait(REST);
    await writeFile(file, before);
    for (const [place, has] of entries) {
      await secondsUntil(`${what} as before (${place})`, performance.now(), async () => !(await has(served, word)));
    }
    await wait(REST);
  }
}

/** What was found of a change, and whether each place has it in time. */
function partOf({ what, places }: Change, rounds: Map<string, number>[]): Part {
  const rows = Object.keys(places).map((place) =>
    row(
      "dev-loop",
      what,
      place,
      "s",
      rounds.map((found) => found.get(place) ?? Number.NaN),
    ),
  );
  const budgets = rows.map(({ who, median: ratio, low, high }): Budget => {
    const name = `seconds until ${what} is in the ${who}`;
    return { name, ratio, limit: LIMIT, is: "at most", spread: { low, high } };
  });
  return { rows, budgets };
}

/** Places an order, and gives how to see that it is still there, with the same token. */
async function placeOrder({ mock, headers }: Served): Promise<() => Promise<void>> {
  const placed = await fetch(`${mock}/orders`, { method: "POST", headers, body: JSON.stringify(sale) });
  const { id } = (await placed.json()) as { id: string };
  return async () => {
    const { status } = await fetch(`${mock}/orders/${id}`, { headers });
    if (status !== 200) throw new Error(`After the changes the order ${id} gives ${status}.`);
  };
}

/**
 * Seconds from saving a file, with `npm run dev`, until it shows. The checkout's files are changed, and put back.
 * @throws {@link Error} when a change does not arrive, or the mock has lost its data or the token
 */
export async function devLoop(): Promise<Part> {
  // Dev builds first what is not built, which would count as waiting.
  await ensurePackages();
  await ensurePages();
  const [port, docsPort] = [await freePort(), await freePort()];
  const dev = startDev(port, docsPort);
  const ended = once(dev, "exit");
  const browser = await launchBrowser();
  try {
    const served = await whenServed(port, docsPort, browser);
    const checkOrder = await placeOrder(served);
    const rows: Row[] = [];
    const budgets: Budget[] = [];
    for (const [at, change] of changes.entries()) {
      const rounds: Map<string, number>[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        rounds.push(await arrivals(served, change, `devLoop${at}x${round}`));
        await checkOrder();
      }
      const part = partOf(change, rounds);
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
