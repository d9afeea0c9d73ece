import { json } from "./testing.ts";

/** The body of a page. */
export type PageBody = { data: unknown; pagination: Record<string, unknown> };

/** Ways in which one page can be wrong. Those that drop rows do not show it in the page. */
export const PAGE_FAULTS: [name: string, respond: (page: PageBody) => Response][] = [
  ["is empty", (page) => json({ ...page, data: [] })],
  ["is empty, without its envelope", () => json({ data: [] })],
  ["has null for its rows", (page) => json({ ...page, data: null })],
  ["has no rows", ({ pagination }) => json({ pagination })],
  ["has an object for its rows", (page) => json({ ...page, data: {} })],
  ["has null among its rows", (page) => json({ ...page, data: [null] })],
  ["is {}", () => json({})],
  ["is null", () => json(null)],
  ["is true", () => json(true)],
  ["is a bare array", ({ data }) => json(data)],
  ["is an empty array", () => json([])],
  ["is a 204", () => new Response(null, { status: 204 })],
  ["is nothing", () => new Response("", { status: 200 })],
  ["is an error with status 200", () => json({ status: 500, message: "Internal error", path: "/customers" })],
  [
    "is cut short",
    (page) => new Response(JSON.stringify(page).slice(0, 40), { headers: { "content-type": "application/json" } }),
  ],
  ["is text", () => new Response("OK", { headers: { "content-type": "text/plain" } })],
  ["is HTML", () => new Response("<html>busy</html>", { headers: { "content-type": "text/html" } })],
  ["has a total that shrank", (page) => json({ ...page, pagination: { ...page.pagination, total: 7 } })],
  ["is empty, with a total of 0", (page) => json({ data: [], pagination: { ...page.pagination, total: 0 } })],
  [
    "is empty, with a total of what came",
    (page) => json({ data: [], pagination: { ...page.pagination, total: page.pagination.offset } }),
  ],
];
