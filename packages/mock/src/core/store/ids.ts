/** The seeds of a UUID's four hashes. */
const SEEDS = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];

/** A 32-bit hash as eight hexadecimal digits: FNV-1a with MurmurHash 3's finalizer. */
function hashOf(text: string, seed: number): string {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
}

/**
 * A reproducible UUID of some words. Not cryptographic: it protects no secret, and each sale makes one, where a cryptographic
 * hash took a tenth of the time.
 */
export function uuidOf(...words: string[]): string {
  const text = words.join(" ");
  const [first, second, third, fourth] = SEEDS.map((seed) => hashOf(text, seed)) as [string, string, string, string];
  const parts = [
    first,
    second.slice(0, 4),
    `4${second.slice(5)}`,
    `8${third.slice(1, 4)}`,
    `${third.slice(4)}${fourth}`,
  ];
  // Joined, it is one text; a template would keep a chain of pieces, of five times the size, with each subscription.
  return parts.join("-");
}
