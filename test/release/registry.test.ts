import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publicPackages } from "../../scripts/manifests.ts";
import { firstStepsOf, followReadme } from "./readmes.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { inEmptyFolder, nodes } from "./run.ts";

const packages = (await publicPackages()).map(({ manifest, path }) => {
  const readme = readFileSync(join(path, "README.md"), "utf8");
  return [manifest.name, { ...manifest, readme }] as const;
});

describe("README.md", () => {
  test.each(packages)("%s says how to install it and what to do first", (name, { readme }) => {
    const { install, example, command, output, server } = firstStepsOf(readme);
    if (server) expect([server.command, ...server.args]).toContain(name);
    else if (example) expect(install).toContain(name);
    else
      expect({ command, output }).toEqual({
        command: expect.stringMatching(`^npx ${name}`),
        output: expect.any(String),
      });
  });
});

describe("startRegistry", () => {
  let registry: Registry;
  let mock: Mock;
  beforeAll(async () => {
    [registry, mock] = await Promise.all([startRegistry(["@imcloud/client"]), startMock({ port: 0 })]);
  }, 120_000);
  afterAll(() => Promise.all([registry?.close(), mock?.close()]));

  test("serves the client's README: openapi-fetch alone comes with it, and its example runs on Node 20", async () => {
    const readme = String(packages.find(([name]) => name === "@imcloud/client")?.[1].readme);
    await inEmptyFolder(async (folder) => {
      const place = { folder, node: nodes[20], npmrc: registry.npmrc, baseUrl: mock.url };
      expect(await followReadme(readme, place)).toBe("Brightwater Dental Group 2\n");
      const installed = await readdir(join(folder, "node_modules"));
      const ofClient = ["@imcloud", "openapi-fetch", "openapi-typescript-helpers"];
      expect(installed.filter((name) => !name.startsWith("."))).toEqual(ofClient);
    });
  });
});
