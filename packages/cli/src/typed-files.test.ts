import { PassThrough, Readable } from "node:stream";
import { expect, test } from "vitest";
import { readStandardInput } from "./typed-files.ts";

const { signal } = new AbortController();

test("readStandardInput reads characters that come in two chunks, and no byte order mark of Windows", async () => {
  const bytes = Buffer.from("\uFEFFpåssword\r\nkey");
  for (let at = 1; at < bytes.length; at++) {
    const stdin = Readable.from([bytes.subarray(0, at), bytes.subarray(at)]);
    expect(await readStandardInput({ stdin, signal })).toBe("påssword\r\nkey");
  }
});

test("readStandardInput ends when it is interrupted", async () => {
  const abort = new AbortController();
  const reading = readStandardInput({ stdin: new PassThrough(), signal: abort.signal });
  abort.abort(new Error("Ctrl-C"));
  await expect(reading).rejects.toThrow("Ctrl-C");
});
