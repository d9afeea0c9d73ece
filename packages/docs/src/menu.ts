import type { CollectionEntry } from "astro:content";
import type { StarlightRouteData } from "@astrojs/starlight/route-data";
import { addresses } from "./addresses.ts";
import { groupGuides } from "./guide-groups.ts";
import { objects, operationGroups } from "./operations.ts";

type Page = CollectionEntry<"docs">;
type Entry = StarlightRouteData["sidebar"][number];
type Link = Extract<Entry, { type: "link" }>;

const link = (page: string, label: string): Link => ({
  type: "link",
  label,
  href: `/${page}`,
  isCurrent: false,
  badge: undefined,
  attrs: {},
});

/** All are folded but the one that the page is in: the menu shows what there is before it shows all of it. */
const group = (label: string, entries: Entry[]): Entry => ({
  type: "group",
  label,
  entries,
  collapsed: true,
  badge: undefined,
});

/** The names of the pages in a folder, in their order. */
const namesIn = (folder: string, pages: readonly Page[]): string[] =>
  pages
    .filter(({ id }) => id.startsWith(`${folder}/`))
    .map(({ id }) => id.slice(folder.length + 1))
    .sort();

/**
 * The menu, which is the same on every page. It is made for each page, as the development server adds and removes pages.
 * @param pages that there are
 */
function menuOf(pages: readonly Page[]): Entry[] {
  const titles = new Map(pages.map(({ id, data }) => [id, data.title]));
  const page = (id: string, label = titles.get(id) ?? id) => link(`${id}.html`, label);
  return [
    page("index", "Home"),
    ...groupGuides(namesIn("guides", pages)).map(({ label, guides }) =>
      group(
        label,
        guides.map((name) => page(`guides/${name}`)),
      ),
    ),
    group("API", [
      page("operations", "All operations"),
      page("reference", "All on one page"),
      ...operationGroups.map(({ label, operations }) =>
        group(
          label,
          operations.map((each) => page(addresses.page(each), each.operation.summary)),
        ),
      ),
      group(
        "Objects",
        objects.map(({ name, page: address }) => page(address, name)),
      ),
      page("errors", "Errors"),
      page("workflows"),
      page("evidence"),
    ]),
    group("More", [
      page("client"),
      group("Commands", [
        page("commands", "All commands"),
        ...namesIn("commands", pages).map((name) => page(`commands/${name}`, name)),
      ]),
      page("downloads"),
      page("changelog"),
    ]),
  ];
}

const linksOf = (entries: readonly Entry[]): Link[] =>
  entries.flatMap((entry) => (entry.type === "link" ? [entry] : linksOf(entry.entries)));

/**
 * The menu around a page, and what comes before and after the page in it.
 * @param pages that there are
 */
export function menuAround(
  { id, entry }: StarlightRouteData,
  pages: readonly Page[],
): Pick<StarlightRouteData, "sidebar" | "pagination"> {
  const sidebar = menuOf(pages);
  const links = linksOf(sidebar);
  const place = links.findIndex(({ href }) => href === `/${id || "index"}.html`);
  const current = links[place];
  if (!current) return { sidebar, pagination: { prev: undefined, next: undefined } };
  current.isCurrent = true;
  const { prev, next } = entry.data;
  return {
    sidebar,
    pagination: {
      prev: prev === false ? undefined : links[place - 1],
      next: next === false ? undefined : links[place + 1],
    },
  };
}
