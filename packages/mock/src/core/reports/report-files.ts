import type { Report } from "@imcloud/spec";
import { ByteChunks } from "../messages/responses.ts";
import { Pauses } from "../pauses.ts";
import type { ReportRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { contentOf } from "./content.ts";
import { extensionOf, formats } from "./formats.ts";
import type { Pieces } from "./writer.ts";

/** Bytes of files that are cached besides the last one, for all stores of a server. */
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

/** A file that was made, and how it is dropped. */
interface KeptFile {
  bytes: number;
  forget(): void;
}

/** The files that several stores cache, with one limit: the least recently used are dropped. */
export class KeptFiles {
  /** The least recently used first. */
  readonly #files = new Set<KeptFile>();
  #bytes = 0;

  /** Keeps a file, or keeps it for longer. */
  keep(file: KeptFile): void {
    this.delete(file);
    for (const oldest of this.#files) {
      if (this.#bytes + file.bytes <= MAX_KEPT) break;
      this.delete(oldest);
      oldest.forget();
    }
    this.#files.add(file);
    this.#bytes += file.bytes;
  }

  delete(file: KeptFile): void {
    if (this.#files.delete(file)) this.#bytes -= file.bytes;
  }
}

/** The files of one mock's reports: each is made when it is first asked for, and then kept. */
export class ReportFiles {
  readonly #store: Store;
  readonly #all: KeptFiles;
  #made = new Map<ReportRecord, Promise<ByteChunks>>();
  #kept = new Map<ReportRecord, KeptFile>();

  /** @param all those that they are bounded with */
  constructor(store: Store, all = new KeptFiles()) {
    this.#store = store;
    this.#all = all;
  }

  /** Bytes of a report's file; `undefined` while it is not made. */
  lengthOf(record: ReportRecord): number | undefined {
    return this.#kept.get(record)?.bytes;
  }

  /** @throws {@link Error} when it cannot be made */
  async of(record: ReportRecord): Promise<ByteChunks> {
    const made = this.#made.get(record) ?? make(this.#store, record.report);
    this.#made.set(record, made);
    try {
      const file = await made;
      // Forgotten meanwhile: the data that it was made of is another one.
      if (this.#made.get(record) === made) this.#keep(record, file.length);
      return file;
    } catch (error) {
      if (this.#made.get(record) === made) this.#made.delete(record);
      throw error;
    }
  }

  #keep(record: ReportRecord, bytes: number): void {
    const forget = () => {
      this.#made.delete(record);
      this.#kept.delete(record);
    };
    const file = this.#kept.get(record) ?? { bytes, forget };
    this.#kept.set(record, file);
    this.#all.keep(file);
  }

  /** Forgets every file: the data that they were made of is another one. */
  clear(): void {
    for (const file of this.#kept.values()) this.#all.delete(file);
    this.#made = new Map();
    this.#kept = new Map();
  }
}
