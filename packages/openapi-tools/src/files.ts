import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/** A released document. */
export interface ReleasedDocument {
  version: string;
  file: string;
}

/** The released documents of a folder, oldest first. */
export async function releasedDocuments(folder: string): Promise<ReleasedDocument[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml"));
  return files
    .map((file) => ({ version: basename(file, ".yaml"), file: join(folder, file) }))
    .sort((one, other) => one.version.localeCompare(other.version, "en", { numeric: true }));
}

/** The names of the Arazzo files of a folder. */
export const workflowFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".arazzo.yaml")).sort();
