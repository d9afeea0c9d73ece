import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { secretsIn } from "./secrets.ts";

/** Folders of other people's files, and of programs that other tests write and remove meanwhile. */
const LEFT_OUT = /^(node_modules|build-\w{6})$/;

/** The text files of a folder. */
function textsOf(folder: string): string[] {
  const entries = globSync(["**", "**/.*", "**/.*/**"], {
    cwd: folder,
    withFileTypes: true,
    exclude: ({ name }) => LEFT_OUT.test(name),
  });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((file) => !/\.(png|ico|woff2?)$/.test(file));
}

const built = {
  "the built packages": ["spec/dist", "client/dist", "mock/dist", "mock/page"].map((path) => `packages/${path}`),
  "the docs": ["packages/docs/dist", "packages/docs/guides"],
  "the document and its releases": ["openapi"],
  "the tests and what they recorded": ["test"],
};

test.each(Object.entries(built))(
  "secretsIn finds nothing in %s",
  async (_what, folders) => {
    const files = folders.flatMap((folder) => textsOf(join(paths.root, folder)));
    const found = await Promise.all(
      files.map((file) => secretsIn(file.replace(paths.root, ""), readFileSync(file, "utf8"))),
    );
    expect(files.length).toBeGreaterThan(5);
    expect(found.flat()).toEqual([]);
  },
  120_000,
);

test.each([
  ["a bearer", `authorization: Bearer ${"q7".repeat(16)}`],
  ["a basic pair", `Authorization: Basic ${btoa("someone.api:a long password")}`],
  ["a JSON web token", `token=${["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTYifQ", "c2lnbmF0dXJlLWJ5dGVz"].join(".")}`],
  ["a key", `X-Subscription-Key: ${"0f".repeat(16)}`],
  ["a signed link", `https://files.example/a.csv?signature=${"Zk".repeat(20)}`],
  ["a private key", `-----BEGIN RSA PRIVATE ${"KEY"}-----\n${"MIIEow".repeat(20)}\n-----END RSA PRIVATE ${"KEY"}-----`],
])("secretsIn finds %s, and does not repeat it", async (_what, text) => {
  const found = await secretsIn("some.log", `first line\n${text}\n`);
  expect(found.length).toBeGreaterThan(0);
  for (const sentence of found) expect(sentence).not.toContain(text);
});

test("secretsIn allows the demo credentials and examples", async () => {
  const text =
    "Bearer $IMCLOUD_TOKEN, X-Subscription-Key: demo-subscription-key, demo.api:demo-password, Bearer <token>";
  expect(await secretsIn("guide.md", text)).toEqual([]);
});
