import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { releasedDocuments } from "@imcloud/openapi-tools/files";
import { parse } from "yaml";
import { type FieldChange, fieldChanges } from "./field-changes.ts";

/** What a person says of a release. */
export interface ReleaseNotes {
  /** The day, `2026-11-26`. */
  date: string;
  summary: string;
  changes: { text: string; breaking: boolean }[];
}

/** A release with what changed in it. */
export interface Release {
  version: string;
  /** `undefined` while nobody has written them. */
  notes: ReleaseNotes | undefined;
  /** Empty for the first. */
  fields: FieldChange[];
  /** The version before; `undefined` for the first. */
  since: string | undefined;
}

async function notesOf(folder: string, version: string): Promise<ReleaseNotes | undefined> {
  try {
    return parse(await readFile(join(folder, "notes", `${version}.yaml`), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const read = async (file: string): Promise<Document> => parse(await readFile(file, "utf8"));

/**
 * The releases of the document, newest first: those that are kept in a folder, and the one that is being worked on.
 * @param current the document as it is now
 */
export async function releases(folder: string, current: Document): Promise<Release[]> {
  const kept = await releasedDocuments(folder);
  const documents = await Promise.all(kept.map(({ file }) => read(file)));
  if (documents.at(-1)?.info.version !== current.info.version) documents.push(current);
  const found = documents.map(async (document, index): Promise<Release> => {
    const before = documents[index - 1];
    const { version } = document.info;
    const fields = before ? fieldChanges(before, document) : [];
    return { version, notes: await notesOf(folder, version), fields, since: before?.info.version };
  });
  return (await Promise.all(found)).reverse();
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** A day in words: `November 26, 2026`. */
export function dayOf(date: string): string {
  const [year, month, day] = date.split("-").map(Number);
  return `${MONTHS[Number(month) - 1]} ${day}, ${year}`;
}

/** As many places as are named; the others are counted. */
const NAMED = 3;

function placesOf(where: string[]): string {
  const named = where.slice(0, NAMED).map((place) => `\`${place.replace(/, .*/, "")}\`${place.replace(/^[^,]*/, "")}`);
  return `${named.join(",<br>")}${where.length > NAMED ? `,<br>and ${where.length - NAMED} more` : ""}`;
}

const cell = (text: string) => text.replaceAll("|", "\\|");

function table(changes: FieldChange[]): string {
  const rows = changes.map(
    ({ where, place, before, after }) =>
      `| \`${cell(place)}\` | ${cell(before)} | ${cell(after)} | ${cell(placesOf(where))} |`,
  );
  return ["| field | before | after | where |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function section({ version, notes, fields, since }: Release): string {
  const breaking = fields.filter(({ isBreaking }) => isBreaking);
  const others = fields.filter(({ isBreaking }) => !isBreaking);
  const sentences = (notes?.changes ?? []).map(
    ({ text, breaking }) => `- ${breaking ? "**Breaking.** " : ""}${text.trim()}`,
  );
  return [
    `## ${version}`,
    notes ? `*${dayOf(notes.date)}.* ${notes.summary.trim()}` : "*Not released yet.*",
    ...(sentences.length ? [sentences.join("\n")] : []),
    ...(breaking.length ? [`### Breaking in ${version}, field by field`, `Against ${since}.`, table(breaking)] : []),
    ...(others.length
      ? [`### Added or widened in ${version}, field by field`, `Against ${since}.`, table(others)]
      : []),
  ].join("\n\n");
}

/** The changelog of the document as Markdown: what a person says of each release, and each field before and after. */
export function changelog(all: Release[]): string {
  return `---
title: Changelog of the document
description: What changed in the OpenAPI document from version to version, and what it asks of a client.
editUrl: false
tableOfContents: false
---

*Breaking* changes come with a new major version, additions with a minor one. Descriptions and examples change in every version, and are not listed.
[Subscribe to the feed](/changelog.xml).

${all.map(section).join("\n\n")}
`;
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? "");

/**
 * The changelog as an RSS 2.0 feed.
 * @param address where the site is, with a slash at its end
 */
export function changelogFeed(all: Release[], address: string): string {
  const items = all.flatMap(({ version, notes }) => {
    if (!notes) return [];
    const link = `${address}changelog.html#${version.replaceAll(".", "")}`;
    const text = [
      notes.summary,
      ...notes.changes.map(({ text, breaking }) => `${breaking ? "Breaking: " : ""}${text}`),
    ];
    return [
      `<item><title>${escaped(version)}</title><link>${escaped(link)}</link><guid isPermaLink="false">imcloud-document-${escaped(version)}</guid>` +
        `<pubDate>${new Date(`${notes.date}T00:00:00Z`).toUTCString()}</pubDate><description>${escaped(text.map((each) => each.trim()).join("\n"))}</description></item>`,
    ];
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Changelog of the Cloud Marketplace API document</title><link>${escaped(address)}changelog.html</link><description>What changed in the OpenAPI document from version to version.</description><language>en</language><atom:link href="${escaped(address)}changelog.xml" rel="self" type="application/rss+xml"/>
${items.join("\n")}
</channel></rss>
`;
}
