import type { Report } from "@imcloud/spec";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { FILE_KEPT } from "../domain/reports.ts";
import type { ReportLinks } from "../operations/report-links.ts";
import { DAY, timeOf, timestampOf } from "../store/dates.ts";
import { extensionOf } from "./formats.ts";

/** The folder of the files on their host. */
export const FILES_FOLDER = "/rde";

const FILE = /\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[^/]*$/;

/** The report of a link, or why the link is invalid. */
export type OpenedLink = { reportId: string } | { error: string };

/** Compares two texts in constant time. */
function isEqual(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

/**
 * Signed links to report files, in the form of the platform's storage: the permissions
 * (`sp`), the period of validity (`st`, `se`), and a signature (REP-02, REP-03). This host never allows to write or delete.
 */
export class SignedLinks implements ReportLinks {
  readonly #now: () => number;
  readonly #origin: () => string;
  /** Made on first use, as workers give no random numbers before their first request. */
  #key: Uint8Array | undefined;

  /**
   * @param origin the origin of the files, known once they are served
   * @param key what earlier links were signed with
   */
  constructor(now: () => number, origin: () => string, key?: Uint8Array) {
    this.#now = now;
    this.#origin = origin;
    this.#key = key;
  }

  #sign(path: string, from: string, until: string): string {
    this.#key ??= crypto.getRandomValues(new Uint8Array(32));
    return bytesToHex(hmac(sha256, this.#key, utf8ToBytes(`${path} ${from} ${until}`)));
  }

  of(report: Omit<Report, "downloadUrl">): string {
    const path = `${FILES_FOLDER}/${encodeURIComponent(fileNameOf(report))}`;
    const madeAt = report.creationDate === undefined ? this.#now() : timeOf(report.creationDate);
    const [st, se] = [timestampOf(madeAt), timestampOf(madeAt + FILE_KEPT)];
    return `${this.#origin()}${path}?${new URLSearchParams({ sp: "rwd", st, se, sig: this.#sign(path, st, se) })}`;
  }

  open({ pathname, searchParams }: URL): OpenedLink {
    const [from = "", until = "", signature = ""] = ["st", "se", "sig"].map((name) => searchParams.get(name) ?? "");
    if (!isEqual(signature, this.#sign(pathname, from, until))) return { error: "The signature is wrong." };
    if (timeOf(until) <= this.#now())
      return { error: `The link has expired: a file is kept for ${FILE_KEPT / DAY} days.` };
    return { reportId: FILE.exec(pathname)?.[1] ?? "" };
  }
}

/** The name of a report's file: its own name, its id, and when it was made. */
export function fileNameOf({ id, name, format, creationDate }: Omit<Report, "downloadUrl">): string {
  const [date = "", time = ""] = timestampOf(timeOf(creationDate ?? "1970-01-01"))
    .slice(0, -1)
    .split("T");
  // A URL cannot contain half of a surrogate pair.
  return `${name.toWellFormed()}.${id}.${date}.${time.replaceAll(":", "-")}+0000.${extensionOf(format)}`;
}
