import type { Report } from "@imcloud/spec";
import { ByteChunks } from "../messages/responses.ts";
import { Pauses } from "../pauses.ts";
import type { ReportRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { contentOf } from "./content.ts";
import { extensionOf, formats } from "./files.ts";
import type { Pieces } from "./writer.ts";

/** Bytes of files that are kept beside the last one. */
const MAX_KEPT = 64 * 2 ** 20;
/** Bytes of a chunk of a file. */
const CHUNK = 65_536;

/** Gathers pieces of a file to chunks, of which a stream takes one at a time. */
class Gatherer {
  readonly #encoder = new TextEncoder();
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  #text = "";

  add(pieces: Pieces): void {
    for (const piece of pieces) {
      if (typeof piece === "string") this.#text += piece;
      else this.#chunks.push(piece as Uint8Array<ArrayBuffer>);
    }
    if (this.#text.length >= CHUNK) this.#flush();
  }

  #flush(): void {
    if (this.#text) this.#chunks.push(this.#encoder.encode(this.#text));
    this.#text = "";
  }

  end(): ByteChunks {
    this.#flush();
    return new ByteChunks(this.#chunks);
  }
}

/** The file that a report is. Others go on while it is made. */
async function make(store: Store, report: Omit<Report, "downloadUrl">): Promise<ByteChunks> {
  const pauses = new Pauses();
  const { columns, rows } = contentOf(store, report);
  const writer = await formats[extensionOf(report.format)]?.writer(columns);
  if (!writer) throw new Error(`There is no format ${report.format}`);
  const gatherer = new Gatherer();
  for (const values of rows) {
    gatherer.add(writer.row(values));
    if (pauses.isDue) await pauses.pause();
  }
  gatherer.add(writer.end());
  return gatherer.end();
}

/** The files of one mock's reports: each is made when it is first asked for, and then kept. */
export class ReportFiles {
  readonly #store: Store;
  /** By the report, the last one that was asked for at the end. */
  #made = new Map<ReportRecord, Promise<ByteChunks>>();
  readonly #lengths = new WeakMap<ReportRecord, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Bytes of a report's file; `undefined` while it is not made. */
  lengthOf(record: ReportRecord): number | undefined {
    return this.#made.has(record) ? this.#lengths.get(record) : undefined;
  }

  /** @throws {@link Error} when it cannot be made */
  async of(record: ReportRecord): Promise<ByteChunks> {
    const made = this.#made.get(record) ?? make(this.#store, record.report);
    this.#made.delete(record);
    this.#made.set(record, made);
    try {
      const file = await made;
      this.#lengths.set(record, file.length);
      this.#dropOld();
      return file;
    } catch (error) {
      this.#made.delete(record);
      throw error;
    }
  }

  #dropOld(): void {
    let kept = 0;
    const records = [...this.#made.keys()];
    for (const [at, record] of records.reverse().entries()) {
      kept += this.#lengths.get(record) ?? 0;
      if (at > 0 && kept > MAX_KEPT) this.#made.delete(record);
    }
  }

  /** Forgets every file: the data that they were made of is another one. */
  clear(): void {
    this.#made = new Map();
  }
}
