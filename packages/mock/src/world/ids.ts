import { createHash } from "node:crypto";

/** A UUID of some words: always the same of the same ones. */
export function uuidOf(...words: string[]): string {
  const hex = createHash("sha256").update(words.join(" ")).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
