import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { freePort } from "../support/free-port.ts";

/**
 * Runs the steps of the mock's Dockerfile without Docker, in an empty folder: copies the files of `COPY`, runs the command of `RUN`
 * in the first stage, and serves the result with the second stage's environment, as another user if this one is root, until
 * the health check passes.
 */
const dockerfile = readFileSync(join(paths.mock, "Dockerfile"), "utf8").replace(/\\\n\s*/g, " ");
const argumentsOf = (instruction: string) =>
  [...dockerfile.matchAll(new RegExp(`^${instruction} (.*)$`, "gm"))].map(([, rest]) => String(rest));

/** The id of the image's user `node`. */
const USER = 1000;
/** The limit of the deployed size, in bytes. */
const MAX_BYTES = 150 * 2 ** 20;

function bytesOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}

/** The first stage: what it leaves in `/app`. */
function build(folder: string): string {
  const [source, app] = [join(folder, "imcloud"), join(folder, "app")];
  mkdirSync(source);
  // Only committed files, as a clone has no others.
  execFileSync("bash", ["-c", `git archive HEAD | tar -x -C "${source}"`], { cwd: paths.root });
  const [command = ""] = argumentsOf("RUN");
  const path = [dirname(process.execPath), process.env.PATH].join(":");
  execFileSync("sh", ["-ec", command.replaceAll("/app", app)], {
    cwd: source,
    env: { ...process.env, PATH: path },
    stdio: "inherit",
  });
  return app;
}

/** The second stage: serves as the container does, until it is healthy and has ended. */
async function serve(app: string): Promise<void> {
  const environment = Object.fromEntries(
    argumentsOf("ENV").flatMap((line) => line.split(" ").map((pair) => pair.split("=") as [string, string])),
  );
  const port = await freePort();
  const env = { ...process.env, ...environment, IMCLOUD_MOCK_HOST: "127.0.0.1", IMCLOUD_MOCK_PORT: String(port) };
  const [, ...words] = JSON.parse(String(argumentsOf("ENTRYPOINT")[0])) as string[];
  const isRoot = process.getuid?.() === 0;
  const child = spawn(
    process.execPath,
    words.map((word) => word.replace("/app", app)),
    {
      ...{ cwd: app, env, stdio: ["ignore", "inherit", "inherit"] },
      ...(isRoot && { uid: USER, gid: USER }),
    },
  );
  try {
    const [check = ""] = /CMD (.*)$/.exec(argumentsOf("HEALTHCHECK")[0] ?? "")?.slice(1) ?? [];
    const isHealthy = () => {
      try {
        execFileSync("sh", ["-c", check], { env, stdio: "ignore" });
        return true;
      } catch {
        return false;
      }
    };
    const end = Date.now() + 30_000;
    while (!isHealthy()) {
      if (Date.now() > end || child.exitCode !== null) throw new Error("The container's health check does not pass.");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`It ended with ${code} when it was told to.`);
    console.log(`healthy${isRoot ? `, as user ${USER}` : ""}`);
  } finally {
    child.kill("SIGKILL");
  }
}

main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "imcloud-container-"));
  chmodSync(folder, 0o755);
  try {
    const app = build(folder);
    if (process.getuid?.() === 0) chownSync(app, USER, USER);
    const bytes = bytesOf(app);
    console.log(`${Math.round(bytes / 2 ** 20)} MiB deployed`);
    if (bytes > MAX_BYTES) throw new Error(`What is deployed has ${bytes} bytes; more than ${MAX_BYTES} are too many.`);
    await serve(app);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
