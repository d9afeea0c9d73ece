import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { connect } from "./connect.ts";
import { readFlags } from "./flags.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-mcp-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.stubEnv("IMCLOUD_CONFIG_DIR", folder);
  vi.stubEnv("IMCLOUD_BASE_URL", undefined);
});
afterEach(() => void vi.unstubAllEnvs());

describe("connect", () => {
  const connected = (...words: string[]) => connect(readFlags(words), () => {});

  test("takes a profile that imcloud login has saved, and names the existing ones for an unknown one", async () => {
    const profile = {
      baseUrl: "https://api.example/marketplace",
      marketplace: "se",
      username: "u",
      password: "secret",
    };
    await writeFile(join(folder, "config.json"), JSON.stringify({ profiles: { sweden: profile } }));
    await expect(connected("--profile", "norway")).rejects.toMatchObject({
      ...{ name: "StartError", exitCode: 2 },
      message: expect.stringMatching(/^There is no profile "norway"; there are sweden\. .*$/),
    });
    const { client, close } = await connected("--profile", "sweden");
    expect(JSON.parse(client.account)).toEqual([profile.baseUrl, "se", "u"]);
    close();
  });
});
