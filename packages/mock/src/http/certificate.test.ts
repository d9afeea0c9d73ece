import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { makeCertificate } from "./certificate.ts";

test.each(["00", "007f", "0080", "7f", "80", "ff"])(
  "makeCertificate makes a certificate that is read, whose random number begins with %s",
  async (beginning) => {
    const { cert } = await makeCertificate([], Buffer.from(beginning.padEnd(32, "0"), "hex"));
    expect(() => new X509Certificate(cert)).not.toThrow();
  },
);
