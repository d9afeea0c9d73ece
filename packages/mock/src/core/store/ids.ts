import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** A UUID made of some words: the same words always give the same one. */
export function uuidOf(...words: string[]): string {
  const hex = bytesToHex(sha256(utf8ToBytes(words.join(" "))));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
