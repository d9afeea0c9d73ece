import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { type RawHeaders, valuesOf } from "./exchange.ts";

/** Bytes that a copy may become: what is longer is passed on, and not looked at. */
const MAX_LENGTH = 64 * 2 ** 20;

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const { brotliDecompress, gunzip, inflate } = zlib;
// Older Node has none: an import by its name would keep the whole package from loading.
const zstdDecompress = (zlib as Partial<typeof zlib>).zstdDecompress;

/** Content codings (RFC 9110 §8.4.1, RFC 8878). */
const decompressors: Readonly<Record<string, Decompress | undefined>> = {
  identity: async (bytes) => bytes,
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: zstdDecompress && (promisify(zstdDecompress) as Decompress),
};

const isText = (type: string): boolean =>
  type === "" ||
  /^(?:text\/|application\/(?:(?:[\w.-]+\+)?(?:json|xml)|javascript|x-www-form-urlencoded)\b)/i.test(type);

/** A message's body, read for whoever looks at it. */
export interface DecodedBody {
  /** What its media type says; an empty text where it says nothing. */
  type: string;
  /** The text that it is; `undefined` for bytes that are none. */
  text: string | undefined;
  /** Bytes without their content coding; `undefined` where they could not be read. */
  length?: number;
}

/**
 * Reads a copy of a body by its content coding and its charset.
 * @throws {@link Error} with a message for people when it is not what its headers say
 */
export async function decodedBody(headers: RawHeaders, bytes: Buffer): Promise<DecodedBody> {
  const [type = ""] = valuesOf(headers, "content-type");
  const codings = valuesOf(headers, "content-encoding").flatMap((value) => value.toLowerCase().split(","));
  let content = bytes;
  // The last one was put on last.
  for (const coding of codings
    .map((word) => word.trim())
    .filter(Boolean)
    .reverse()) {
    const decompress = Object.hasOwn(decompressors, coding) ? decompressors[coding] : undefined;
    if (!decompress) throw new Error(`The body has the content-encoding ${coding}, which is not known here.`);
    if (!content.length) break;
    content = await decompress(content, { maxOutputLength: MAX_LENGTH }).catch((cause) => {
      throw new Error(`The body is not ${coding}: ${(cause as Error).message}.`, { cause });
    });
  }
  const { length } = content;
  if (!isText(type)) return { type, text: undefined, length };
  const [, charset = "utf-8"] = /;\s*charset="?([^\s";]+)/i.exec(type) ?? [];
  try {
    return { type, text: new TextDecoder(charset, { fatal: type === "" }).decode(content), length };
  } catch (cause) {
    if (type === "") return { type, text: undefined, length };
    throw new Error(`The body has the charset ${charset}, which is not known here.`, { cause });
  }
}
