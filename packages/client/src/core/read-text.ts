import { responseTooLarge } from "./api-error.ts";
import type { CallDetails } from "./pipeline.ts";

/**
 * The body of a response as text. It is counted as it is unpacked, as a few bytes of gzip can become a thousand times as many.
 * @param limit bytes that it has at most
 * @throws {@link GatewayError} when it has more
 */
export async function readText(call: CallDetails, response: Response, limit: number): Promise<string> {
  const reader = (response.body as Partial<ReadableStream<Uint8Array>> | null)?.getReader?.();
  let bytes = 0;
  const count = (more: number) => {
    bytes += more;
    if (bytes > limit) throw responseTooLarge(call, response, limit);
  };
  if (!reader) {
    // Of a `fetch` with streams of its own kind, or without any.
    const text = await response.text();
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
