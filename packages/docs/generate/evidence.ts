import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document, Source } from "@imcloud/openapi-tools/document";
import { decisionPages } from "./decisions.ts";

type Row = Record<string, string>;

async function table(folder: string, name: string): Promise<Row[]> {
  const lines = (await readFile(join(folder, `${name}.tsv`), "utf8")).split("\n").filter(Boolean);
  const [names = [], ...rows] = lines.map((line) => line.split("\t"));
  return rows.map((cells) => Object.fromEntries(names.map((column, index) => [column, cells[index] ?? ""])));
}

/** Where the document names a fact: what of it, and why it is believed. */
interface Place {
  name: string;
  source: Source;
}

/** What a place of the document is called: `Order.status`, `GET /orders`, `GET /orders, limit`. */
function nameOf([part, first = "", second = "", ...rest]: string[]): string {
  const last = rest.filter(
    (step) => !/^(?:properties|items|allOf|anyOf|schema|content|parameters|responses|\d)$/.test(step),
  );
  if (part === "paths") return [`${second.toUpperCase()} ${first}`, ...last.slice(0, 1)].join(", ");
  return [second, ...last].join(".");
}

function placesOf(document: Document): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  const visit = (node: unknown, path: string[]): void => {
    if (typeof node !== "object" || node === null) return;
    const { "x-source": source } = node as { "x-source"?: Source };
    for (const fact of source?.facts ?? []) {
      const name = nameOf(path);
      const known = places.get(fact) ?? [];
      if (source && !known.some((place) => place.name === name)) places.set(fact, [...known, { name, source }]);
    }
    for (const [key, child] of Object.entries(node)) visit(child, [...path, key]);
  };
  visit({ paths: document.paths, components: document.components }, []);
  return places;
}

const CONFIDENCE: Row = {
  H: "Sure",
  "H/L": "Sure in part",
  M: "Likely",
  L: "Uncertain",
  disputed: "Disputed",
  unknown: "Not known",
};

/** How sure a fact is, in words. A table may say in parentheses which part of it is not. */
const surenessOf = (confidence: string): string => CONFIDENCE[confidence.replace(/^H \(.* L\)$/, "H/L")] ?? "";

/** What facts are about, by the first letters of their ids. */
const PARTS: Row = {
  AUTH: "Access and sign-in",
  CUST: "Customers and resellers",
  DIST: "Distributors",
  ERR: "Errors",
  FLD: "What real clients show",
  LIST: "Lists and limits",
  ORD: "Orders",
  PAR: "Parameters of products",
  PROD: "Products and plans",
  REP: "Reports",
  SUB: "Subscriptions",
  VER: "Versions",
};

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

/**
 * The facts that the document names as its sources, as a page: what each says, how sure it is, and what it is told of. A badge that has no
 * decision leads here.
 * @param folder of the tables of evidence
 */
export async function evidencePage(document: Document, folder: string, decisionsFolder: string): Promise<string> {
  const rows = [...(await table(folder, "vendor-facts")), ...(await table(folder, "field-facts"))];
  const places = placesOf(document);
  const shown = rows.filter(({ id = "" }) => places.has(id));
  const pages = await decisionPages(decisionsFolder);
  const prefixes = [...new Set(shown.map(({ id = "" }) => id.replace(/-.*/, "")))];
  const sections = prefixes.map((prefix) => {
    const facts = shown.filter(({ id = "" }) => id.startsWith(`${prefix}-`));
    const items = facts.map(({ id = "", fact = "", confidence = "" }) => {
      const where = places.get(id) ?? [];
      const decisions = [...new Set(where.flatMap(({ source }) => source.decision ?? []))];
      const why = decisions.map((number) => `[decision ${Number(number)}](/${pages.get(number)})`);
      const told = where.map(({ name }) => `\`${name}\``).join(", ");
      return [
        `### ${id}`,
        cell(fact),
        `Source of ${told}. ${[surenessOf(confidence), ...why].filter(Boolean).join(", ")}.`,
      ].join("\n\n");
    });
    return [`## ${PARTS[prefix] ?? prefix}`, ...items].join("\n\n");
  });
  return `---
title: Evidence
description: The facts that the document names as its sources, what each says, and how sure it is.
editUrl: false
tableOfContents:
  maxHeadingLevel: 2
---

A field, parameter or response that the vendor's own document has carries no mark. Every other one names the facts that it is known from, and
[decision 8](/${pages.get("0008")}) says how sure each kind is. These are the facts.

${sections.join("\n\n")}
`;
}
