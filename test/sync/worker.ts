import { createClient } from "@imcloud/client";
import { sqliteTables, sync } from "@imcloud/sync";

// A process that syncs, and is killed meanwhile.
const [, , file = "", connection = ""] = process.argv;
const client = createClient({ ...JSON.parse(connection), rateLimit: false });
const to = sqliteTables(file);
const { isComplete } = await sync({ client, to, perDay: 1_000_000, lease: 500 });
await to.close();
process.exitCode = isComplete ? 0 : 1;
