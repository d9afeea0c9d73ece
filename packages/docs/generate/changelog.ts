import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pointerTokens } from "@imcloud/openapi-tools/document";
import { releasedDocuments } from "@imcloud/openapi-tools/files";
import { redocly } from "@imcloud/openapi-tools/redocly";

const impacts = { major: "Breaking", minor: "Added or widened", patch: "Clarified" };

type Impact = keyof typeof impacts;

interface Change {
  impact: Impact;
  kind: string;
  /** A JSON pointer into the document. */
  path: string;
  property?: string;
  verdicts: { message?: string }[];
}

/** What `redocly diff` says of two documents. */
interface Difference {
  infoVersions: { base: string; revision: string };
  changes: Change[];
}

async function difference(base: string, revision: string): Promise<Difference> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-diff-"));
  try {
    const report = join(folder, "report.json");
    await redocly("diff", base, revision, "--format", "json", "--fail-on", "none", "--output", report);
    return JSON.parse(await readFile(report, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A pointer in words: `POST /orders`, then where in it. */
function placeOf({ path, property }: Change): string {
  const [first, ...rest] = pointerTokens(path);
  const [name, method, ...more] = rest;
  const where =
    first === "paths" && name && method && method !== "parameters"
      ? [`${method.toUpperCase()} ${name}`, ...more]
      : [first, ...rest];
  return [...where, ...(property ? [property] : [])].map((part) => `\`${part}\``).join(" › ");
}

function line(change: Change): string {
  const why = change.verdicts.flatMap(({ message }) => (message ? [message] : [])).join(" ");
  return `- ${change.kind}: ${placeOf(change)}${why ? ` — ${why}` : ""}`;
}

function section({ infoVersions, changes }: Difference): string {
  const groups = (Object.keys(impacts) as Impact[]).flatMap((impact) => {
    const lines = changes.filter((change) => change.impact === impact).map(line);
    return lines.length ? [`### ${impacts[impact]} in ${infoVersions.revision}`, lines.join("\n")] : [];
  });
  return [`## ${infoVersions.revision}`, `What changed since ${infoVersions.base}.`, ...groups].join("\n\n");
}

/** The changelog of the document as Markdown: each release against the one before, and what is not released yet. */
export async function changelog(folder: string, current: string): Promise<string> {
  const released = await releasedDocuments(folder);
  const files = [...released.map(({ file }) => file), current];
  const differences = await Promise.all(files.slice(1).map((file, index) => difference(String(files[index]), file)));
  const sections = differences.filter(({ changes }) => changes.length).map(section);
  return `---
title: Changelog of the document
description: What changed in the OpenAPI document from version to version, and what it asks of a client.
---

Made by \`redocly diff\` from the released documents. *Breaking* changes come with a new major version, additions with a minor one.

${[...sections.reverse(), `## ${released[0]?.version}\n\nThe first release.`].join("\n\n")}
`;
}
