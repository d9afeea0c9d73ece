import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { promisify } from "node:util";
import { optionError } from "../core/option-names.ts";

/** What a server proves its name with, in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

const DAY = 86_400_000;
/** Long enough for any session, and no longer. */
const LIFETIME = 30 * DAY;

/**
 * Makes a certificate that signs itself, for this machine and for some names.
 * @param names names and addresses by which the server is called
 * @param random what tells its serial number from those of others
 */
export async function makeCertificate(names: readonly string[], random = randomBytes(16)): Promise<Certificate> {
  // Only who wants a certificate waits for its code.
  const { default: forge } = await import("node-forge");
  const { pki } = forge;
  // Node makes the keys a hundred times as fast.
  const { publicKey, privateKey: key } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(publicKey);
  // Begins with a byte that is neither a sign nor zero: a number with zeros before it is refused as a certificate.
  certificate.serialNumber = `01${random.toString("hex")}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY);
  certificate.validity.notAfter = new Date(Date.now() + LIFETIME);
  const name = [{ name: "commonName", value: "imcloud-mock" }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  const all = [...new Set(["localhost", "127.0.0.1", "::1", ...names])];
  certificate.setExtensions([
    { name: "basicConstraints", cA: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: all.map((value) => (isIP(value) ? { type: 7, ip: value } : { type: 2, value })),
    },
  ]);
  certificate.sign(pki.privateKeyFromPem(key), forge.md.sha256.create());
  return { cert: pki.certificateToPem(certificate).replaceAll("\r", ""), key };
}

/**
 * Reads a certificate and its key.
 * @throws {@link Error} with a message for people for a file that cannot be read, and for two that do not belong together
 */
export async function readCertificate(certFile: string, keyFile: string): Promise<Certificate> {
  const read = (file: string, option: string) =>
    readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "ENOENT" ? "there is no such file" : cause.message;
      throw optionError(Error, (of) => `${file} cannot be used for ${of(option)}: ${reason}.`, cause);
    });
  const certificate = { cert: await read(certFile, "tlsCert"), key: await read(keyFile, "tlsKey") };
  const refuse = (file: string, option: string, reason: string, cause?: unknown) =>
    optionError(Error, (of) => `${file} cannot be used for ${of(option)}: ${reason}.`, cause);
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(certificate.cert);
  } catch (cause) {
    throw refuse(certFile, "tlsCert", "it does not begin with a certificate in PEM", cause);
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(certificate.key);
  } catch (cause) {
    const isEncrypted = certificate.key.includes("ENCRYPTED");
    const reason = isEncrypted ? "it is encrypted; write it without its passphrase" : "it holds no private key in PEM";
    throw refuse(keyFile, "tlsKey", reason, cause);
  }
  if (!x509.checkPrivateKey(privateKey)) throw refuse(keyFile, "tlsKey", "it is the key of another certificate");
  try {
    createSecureContext(certificate);
  } catch (cause) {
    throw refuse(certFile, "tlsCert", "TLS does not take it with its authorities, or with its key", cause);
  }
  return certificate;
}
