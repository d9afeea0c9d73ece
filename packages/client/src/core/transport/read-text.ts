import { responseTooLarge } from "../errors/api-error.ts";
import type { CallDetails } from "../pipeline.ts";
import { noResponse } from "./fetch.ts";

/** A message whose body can be read: a request or a response, also of a `fetch` with streams of its own kind. */
interface Message {
  readonly body: unknown;
  text(): Promise<string>;
}

/**
 * A body as text.
 * @param limit the most bytes, after decompression
 * @param tooLarge makes the error for more
 */
export async function readBounded(message: Message, limit: number, tooLarge: () => Error): Promise<string> {
  const stream = message.body as Partial<ReadableStream<Uint8Array>> | null;
  // Jest's environment for jsdom has no decoder.
  const reader = globalThis.TextDecoder && stream?.getReader?.();
  let bytes = 0;
  const count = (more: number) => {
    bytes += more;
    if (bytes > limit) throw tooLarge();
  };
  if (!reader) {
    const text = await message.text();
    if (typeof text !== "string") throw noResponse();
    count(text.length);
    return text;
  }
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      count(value.byteLength);
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
}

/**
 * The body of a response as text. Bytes are counted after decompression, as a few bytes of gzip can become a thousand times as many.
 * @param limit bytes that it has at most
 * @throws {@link GatewayError} when it has more
 */
export const readText = (call: CallDetails, response: Response, limit: number): Promise<string> =>
  readBounded(response, limit, () => responseTooLarge(call, response, limit));
