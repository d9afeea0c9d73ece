import { type Records, StoreError } from "./records.ts";

/** Bytes of AES-GCM's initialization vector. */
const IV = 12;
/** The prefix of an encrypted value, to recognize one that is not encrypted. */
const MARK = "aes-gcm:";

/**
 * The key, from 32 bytes in base64.
 * @throws {@link TypeError} when it is something else
 */
async function importKey(base64: string): Promise<CryptoKey> {
  const bytes = Buffer.from(base64, "base64");
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Whether a text is a key: 32 bytes in base64. */
export const isKey = (text: unknown): boolean =>
  typeof text === "string" && /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === 32;

/** Encrypts the records of another engine. Their names are not encrypted. */
export function encryptedRecords(records: Records, base64: string): Records {
  const key = importKey(base64);

  async function encrypt(text: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV));
    const bytes = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, Buffer.from(text));
    return MARK + Buffer.concat([iv, new Uint8Array(bytes)]).toString("base64");
  }

  async function decrypt(value: string): Promise<string> {
    const bytes = Buffer.from(value.slice(MARK.length), "base64");
    try {
      if (!value.startsWith(MARK)) throw new Error("It is not encrypted.");
      const iv = bytes.subarray(0, IV);
      return Buffer.from(
        await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key, bytes.subarray(IV)),
      ).toString();
    } catch (cause) {
      throw new StoreError(
        "A record cannot be read with this encryptionKey: it was written with another, or with none.",
        { cause },
      );
    }
  }

  return {
    migrate: () => records.migrate(),
    close: () => records.close(),
    async read(collection, id) {
      const look = await records.read(collection, id);
      return look.version ? { ...look, value: await decrypt(look.value) } : look;
    },
    async write(collection, id, value, version) {
      return records.write(collection, id, value === undefined ? undefined : await encrypt(value), version);
    },
    async all(collection, begin) {
      const { values, now } = await records.all(collection, begin);
      return { values: await Promise.all(values.map(decrypt)), now };
    },
  };
}
