import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sqliteTables, sync } from "@imcloud/sync";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser } from "../browser/browser.ts";
import { clientOf, DAY, openSandbox } from "./marketplace.ts";

// Makes the guide's picture: a week of syncs of the medium sandbox, and the page of the dashboard's SQL.
const [, , file = ":memory:"] = process.argv;
const { sandbox } = openSandbox({ size: "medium" });
const to = sqliteTables(file);
for (let night = 0; night < 7; night++) {
  const { calls, events } = await sync({ client: clientOf(sandbox), to, now: () => sandbox.now(), perDay: 100_000 });
  console.log(`Night ${night + 1}: ${calls} calls, ${events} events`);
  await sandbox.advance(DAY);
}
const rows = await to.query<{ html: string }>(await readFile(join(paths.sync, "dashboard.sql"), "utf8"));
await to.close();
const html = rows.map((row) => row.html).join("\n");
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1180, height: 900 }, colorScheme: "light" });
await page.setContent(html);
await page.screenshot({ path: join(paths.docsPackage, "static/nightly-sync.png"), fullPage: true });
await browser.close();
