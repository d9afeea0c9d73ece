import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { promisify } from "node:util";
import { type Mock, startMock } from "@imcloud/mock";
import { resolve } from "@imcloud/openapi-tools/document";
import { releasedDocuments } from "@imcloud/openapi-tools/files";
import newman, { type NewmanRunOptions, type NewmanRunSummary } from "newman";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readGuides } from "../../packages/docs/generate/guides.ts";
import { postman } from "../../packages/docs/generate/postman.ts";
import { paths } from "../../scripts/paths.ts";
import { document, operations } from "../support/document.ts";

const read = (name: string) => readFileSync(join(paths.docs, name), "utf8");
const readJson = (name: string) => JSON.parse(read(name));

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ port: 0 });
});
afterAll(() => mock.close());

const runCollection = promisify(
  newman.run as (options: NewmanRunOptions, done: (error: Error | null, summary: NewmanRunSummary) => void) => void,
);

test("the Postman collection signs in once and sends every operation", async () => {
  const environment = readJson("downloads/postman-environment.json");
  environment.values.find(({ key }: { key: string }) => key === "baseUrl").value = mock.url;
  const { run } = await runCollection({ collection: readJson("downloads/postman-collection.json"), environment });
  expect(run.failures).toEqual([]);
  const sent = mock.requests();
  expect(new Set(sent.map(({ operation }) => operation))).toEqual(new Set(operations.map(({ id }) => id)));
  // One by the collection's own script, and one as an operation of it.
  expect(sent.filter(({ operation }) => operation === "token_create")).toHaveLength(2);
  expect(sent.filter(({ status }) => status !== 200)).toEqual([]);
});

test("postman() makes the same collection of the same document", async () => {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-postman-"));
  try {
    await postman(document, folder);
    const again = readFileSync(join(folder, "postman-collection.json"), "utf8");
    expect(again).toBe(read("downloads/postman-collection.json"));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("downloads/ has the built documents", () => {
  for (const name of ["openapi.yaml", "openapi.json", "openapi-3.0.yaml", "openapi-3.0.json"]) {
    expect(read(`downloads/${name}`)).toBe(readFileSync(join(paths.spec, name), "utf8"));
  }
});

const guides = await readGuides(paths.guides);

test("llms.txt links to every guide and operation by its group, and llms-full.txt has their text", () => {
  const index = read("llms.txt");
  const all = read("llms-full.txt");
  expect(index).toMatch(new RegExp(`^# ${document.info.title}\n\n> `));
  for (const { page, group, title } of guides) {
    const section = index.slice(index.indexOf(`\n## Guides: ${group}\n`)).split("\n## ")[1];
    expect(section).toContain(`- [${title}](${page}.md): `);
    expect(all).toContain(`# ${title}\n`);
  }
  for (const { id, operation, path, method } of operations) {
    expect(index).toContain(`(operations/${id}.md)`);
    expect(all).toContain(`# ${operation.summary}\n\n\`${method.toUpperCase()} ${path}\``);
  }
  for (const [, address = ""] of index.matchAll(/\]\(([^)]+)\)/g)) expect(() => read(address)).not.toThrow();
});

test("llms-full.txt links from where it is", () => {
  const links = [...read("llms-full.txt").matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)];
  const addresses = [...new Set(links.map(([, address]) => String(address)))];
  expect(addresses.length).toBeGreaterThan(20);
  expect(addresses.filter((address) => address.startsWith("..") || !existsSync(join(paths.docs, address)))).toEqual([]);
});

test("the page of evidence says of each fact how sure it is", () => {
  const lines = read("evidence.md").match(/^Source of .*$/gm) ?? [];
  const sure = /`\. (?:Sure|Sure in part|Likely|Uncertain|Disputed|Not known)[.,]/;
  expect(lines.length).toBeGreaterThan(30);
  expect(lines.filter((line) => !sure.test(line))).toEqual([]);
});

test("llms-full.txt has each schema once, in at most 80,000 tokens", () => {
  const all = read("llms-full.txt");
  const titles = [...all.slice(all.indexOf("\n# Schemas\n")).matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  expect(titles.length).toBeGreaterThan(50);
  expect(titles).toEqual([...new Set(titles)]);
  // Measured with the tokenizer o200k: a token is 4.0 characters here.
  expect(all.length / 4).toBeLessThan(80_000);
});

test("every guide and operation is Markdown at its own address, without broken links", () => {
  const texts = [
    ...guides.map(({ page }) => page),
    ...operations.map(({ id }) => `operations/${id}`),
    "changelog",
    "client",
    "downloads",
    "index",
    "operations",
    "workflows",
  ];
  for (const page of texts) {
    const text = read(`${page}.md`);
    expect(text).toMatch(/^# \S/);
    expect(text).not.toMatch(/^:::|<sample-tabs|tabs=|no-run/m);
    for (const [, address = ""] of text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (!/^(https?|mailto):/.test(address))
        expect(() => read(posix.join(posix.dirname(page), address)), `${page}: ${address}`).not.toThrow();
    }
  }
});

test("the Markdown of an error message links to the other messages of its status, as its page does", () => {
  expect(read("errors/not-allowed.md")).toMatch(/## Other messages of 403\n\n- \[.*\]\(.*errors\/quota-exceeded\.md\)/);
  expect(read("errors/429.md")).toMatch(/## Known messages\n\n- \[.*\]\(.*errors\/rate-limited\.md\)/);
});

test("no call is shown with a parameter that its operation ignores", () => {
  const ignoring = operations.filter(({ operation }) => operation["x-imcloud-ignored"]);
  expect(ignoring.map(({ id }) => id)).toContain("reports_list");
  const text = guides.map(({ page }) => read(`${page}.md`)).join("\n");
  for (const { path, operation } of ignoring) {
    const names = operation["x-imcloud-ignored"] ?? [];
    const known = (operation.parameters ?? []).map((parameter) => resolve(document, parameter).name);
    expect(known).toEqual(expect.arrayContaining(names));
    const shown = [...text.matchAll(/(\/[\w/]+)\?([\w=&%.:-]+)/g)].filter(([, called]) => called === path);
    expect(shown.length).toBeGreaterThan(0);
    expect(
      shown.filter(([, , query]) => [...new URLSearchParams(query).keys()].some((key) => names.includes(key))),
    ).toEqual([]);
  }
});

test("every page of Markdown says where all pages are listed", () => {
  const files = readdirSync(paths.docs, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  expect(files.length).toBeGreaterThan(80);
  expect(files.filter((file) => !read(file).includes("llms.txt"))).toEqual([]);
});

test("changelog.html has the date and the sentences of each release, and each field before and after", async () => {
  const page = read("changelog.html");
  const text = read("changelog.md");
  const feed = read("changelog.xml");
  const kept = (await releasedDocuments(paths.releases)).map(({ version }) => version);
  for (const version of kept) {
    expect(page).toContain(`id="${version.replaceAll(".", "")}"`);
    const [, section = ""] = text.split(`\n## ${version}\n`);
    // A release without its notes has no date: openapi/releases/notes has a file for each.
    expect(section.trim()).toMatch(/^\*[A-Z][a-z]+ \d{1,2}, \d{4}\.\* [A-Z].*\.$/m);
    expect(feed).toContain(`<title>${version}</title>`);
  }
  expect(text).toContain("| field | before | after | where |");
  expect(text).toMatch(/^- \*\*Breaking\.\*\* [A-Z]/m);
});

test("every page has a preview image that exists", () => {
  for (const page of ["index", "guides/errors", "operations/orders_create", "changelog"]) {
    const [, picture] = read(`${page}.html`).match(/property="og:image" content="[^"]*\/(pictures\/[^"]+)"/) ?? [];
    const bytes = readFileSync(join(paths.docs, String(picture)));
    expect([bytes.subarray(1, 4).toString(), bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([
      "PNG",
      1200,
      630,
    ]);
  }
});
