import type { Report } from "@imcloud/spec";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ReportLinks } from "../operations/report-links.ts";
import { MINUTE } from "../store/dates.ts";
import { extensionOf } from "./files.ts";

/** Milliseconds for which a link is good. */
const LIFETIME = 15 * MINUTE;

/** What a link is for, or why it is none. */
export type OpenedLink = { reportId: string } | { error: string };

/** Whether two texts are equal, without telling by the time it takes where they differ. */
function isEqual(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

/** Links to the files of one mock's reports, signed, and good for a quarter of an hour of its clock. */
export class SignedLinks implements ReportLinks {
  readonly #now: () => number;
  readonly #origin: () => string;
  /** Made when it is first needed: workers give no random numbers before their first request. */
  #key: Uint8Array | undefined;

  /** @param origin where files are served, known once they are */
  constructor(now: () => number, origin: () => string) {
    this.#now = now;
    this.#origin = origin;
  }

  #sign(path: string, expires: string): string {
    this.#key ??= crypto.getRandomValues(new Uint8Array(32));
    return bytesToHex(hmac(sha256, this.#key, utf8ToBytes(`${path} ${expires}`)));
  }

  of({ id, format }: Omit<Report, "downloadUrl">): string {
    const path = `/reports/${id}.${extensionOf(format)}`;
    const expires = String(this.#now() + LIFETIME);
    return `${this.#origin()}${path}?expires=${expires}&signature=${this.#sign(path, expires)}`;
  }

  open(url: URL): OpenedLink {
    const expires = url.searchParams.get("expires") ?? "";
    const signature = url.searchParams.get("signature") ?? "";
    if (!isEqual(signature, this.#sign(url.pathname, expires))) return { error: "The signature is wrong." };
    if (Number(expires) <= this.#now()) return { error: "The link has expired. Read the report again for a new one." };
    return { reportId: /^\/reports\/(.+)\.\w+$/.exec(url.pathname)?.[1] ?? "" };
  }
}
