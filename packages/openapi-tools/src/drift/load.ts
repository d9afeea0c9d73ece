import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document } from "../document.ts";
import { redocly } from "../redocly.ts";

/**
 * Reads and bundles an OpenAPI document from a file or a URL.
 * @throws {@link Error} when it cannot be read or is not an OpenAPI document
 */
export async function loadDocument(source: string): Promise<Document> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-drift-"));
  try {
    const file = join(folder, "bundle.json");
    await redocly("bundle", source, "--output", file).catch((cause: Error) => {
      const reason = cause.message.split("\n").slice(1).filter(Boolean).join(" ").slice(0, 300);
      throw new Error(`${source} cannot be read as an OpenAPI document: ${reason || cause.message}`, { cause });
    });
    const document = JSON.parse(await readFile(file, "utf8"));
    if (!/^3\./.test(document.openapi ?? "")) {
      throw new Error(
        `${source} is ${document.swagger ? "Swagger 2.0" : "no OpenAPI 3 document"}; convert it to OpenAPI 3 first.`,
      );
    }
    return document;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
