import type { Report } from "@imcloud/spec";
import { ByteChunks } from "../messages/responses.ts";
import type { ReportRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { TimeSlices } from "../time-slices.ts";
import { contentOf } from "./content.ts";
import { extensionOf, formats } from "./formats.ts";
import type { Pieces } from "./writer.ts";

/** The cache limit in bytes for all stores of a server, besides the last file. */
const MAX_KEPT = 64 * 2 ** 20;
/** The size of a chunk in bytes. */
const CHUNK = 65_536;

/** Collects pieces of a file into chunks. */
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

/** Makes the file of a report, and yields to other work meanwhile. */
async function make(store: Store, report: Omit<Report, "downloadUrl">): Promise<ByteChunks> {
  const slices = new TimeSlices();
  const { columns, rows } = contentOf(store, report);
  const writer = await formats[extensionOf(report.format)]?.writer(columns);
  if (!writer) throw new Error(`There is no format ${report.format}`);
  const gatherer = new Gatherer();
  for (const values of rows) {
    gatherer.add(writer.row(values));
    if (slices.isDue) await slices.pause();
  }
  gatherer.add(writer.end());
  return gatherer.end();
}

/** A cached file, and how to drop it. */
interface KeptFile {
  bytes: number;
  forget(): void;
}

/** A cache of report files for several stores, with one limit. Drops the least recently used. */
export class KeptFiles {
  /** Ordered from the least recently used. */
  readonly #files = new Set<KeptFile>();
  #bytes = 0;

  /** Adds a file, or marks it as used. */
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

/** The report files of one store. Each is made on demand, and cached. */
export class ReportFiles {
  readonly #store: Store;
  readonly #all: KeptFiles;
  #made = new Map<ReportRecord, Promise<ByteChunks>>();
  #kept = new Map<ReportRecord, KeptFile>();

  /** @param all the cache shared with other stores */
  constructor(store: Store, all: KeptFiles = new KeptFiles()) {
    this.#store = store;
    this.#all = all;
  }

  /** The size of a report's file in bytes; `undefined` before it is made. */
  lengthOf(record: ReportRecord): number | undefined {
    return this.#kept.get(record)?.bytes;
  }

  /** @throws {@link Error} when it cannot be made */
  async of(record: ReportRecord): Promise<ByteChunks> {
    const made = this.#made.get(record) ?? make(this.#store, record.report);
    this.#made.set(record, made);
    try {
      const file = await made;
      // Not cached after a reset meanwhile, as its data is gone.
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

  /** Drops all files, when their data is replaced. */
  clear(): void {
    for (const file of this.#kept.values()) this.#all.delete(file);
    this.#made = new Map();
    this.#kept = new Map();
  }
}
