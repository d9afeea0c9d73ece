import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Report } from "@imcloud/spec";
import type { ReportLinks } from "../api/report-links.ts";
import { MINUTE } from "../world/dates.ts";
import { endingOf } from "./files.ts";

/** For how long a link is good. */
const LIFETIME = 15 * MINUTE;

/** What a link is for, or why it is none. */
export type Opened = { reportId: string } | { refusal: string };

/** Links to the files of one mock's reports, signed, and good for a quarter of an hour of its clock. */
export class SignedLinks implements ReportLinks {
  readonly #now: () => number;
  readonly #origin: () => string;
  readonly #key = randomBytes(32);

  /** @param origin where files are served, known once they are */
  constructor(now: () => number, origin: () => string) {
    this.#now = now;
    this.#origin = origin;
  }

  #sign(path: string, expires: string): string {
    return createHmac("sha256", this.#key).update(`${path} ${expires}`).digest("hex");
  }

  of({ id, format }: Omit<Report, "downloadUrl">): string {
    const path = `/reports/${id}.${endingOf(format)}`;
    const expires = String(this.#now() + LIFETIME);
    return `${this.#origin()}${path}?expires=${expires}&signature=${this.#sign(path, expires)}`;
  }

  open(url: URL): Opened {
    const expires = url.searchParams.get("expires") ?? "";
    const [given, right] = [url.searchParams.get("signature") ?? "", this.#sign(url.pathname, expires)].map(
      (signature) => Buffer.from(signature),
    ) as [Buffer, Buffer];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return { refusal: "The signature is wrong." };
    if (Number(expires) <= this.#now()) return { refusal: "The link has ended. Read the report again for a new one." };
    return { reportId: /^\/reports\/(.+)\.\w+$/.exec(url.pathname)?.[1] ?? "" };
  }
}
