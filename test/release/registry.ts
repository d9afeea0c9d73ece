import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runServer } from "verdaccio";
import { type Packed, packAll } from "../consumers/support/pack.ts";

/** A registry on the loopback that has only this project's packages. */
export interface Registry {
  url: string;
  packed: Packed[];
  /** An .npmrc that makes npm, pnpm, Bun and Deno take `@imcloud/*` from here, and all else from the usual registry. */
  npmrc: string;
  close(): Promise<void>;
}

/** Starts verdaccio without an uplink, so that it has only what is published to it. */
async function listen(folder: string): Promise<Server> {
  const server: Server = await runServer({
    self_path: join(folder, "config.yaml"),
    storage: join(folder, "storage"),
    uplinks: {},
    packages: { "@imcloud/*": { access: "$all", publish: "$all", unpublish: "$all" } },
    max_body_size: "50mb",
    log: { type: "stdout", format: "json", level: "fatal" },
    web: { enable: false },
  } as never);
  await new Promise<void>((resolve, reject) => server.listen(0, "127.0.0.1", resolve).once("error", reject));
  return server;
}

/**
 * Packs public packages, and publishes them to a registry on the loopback.
 * @param names the packages to publish
 * @defaultValue all
 */
export async function startRegistry(names?: readonly string[]): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-registry-"));
  const server = await listen(folder);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  // Anybody may publish, but npm requires a token.
  const npmrc = `@imcloud:registry=${url}\n//127.0.0.1:${port}/:_authToken=loopback\n`;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(join(folder, ".npmrc"), npmrc);
    const packed = await packAll(folder, names);
    for (const { tarball } of packed) {
      // Only the forge's workflow can sign provenance.
      const args = ["publish", tarball, "--provenance=false", "--registry", url];
      await promisify(execFile)("npm", args, { cwd: folder });
    }
    return { url, packed, npmrc, close };
  } catch (error) {
    await close();
    throw error;
  }
}
