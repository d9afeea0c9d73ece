import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import { XMLParser } from "fast-xml-parser";
import readExcel from "read-excel-file/node";
import { describe, expect, test } from "vitest";
import { clientOf, sandbox } from "./sandbox.ts";

const PERIOD = { startDate: "2026-03-01T00:00:00Z", endDate: "2026-03-31T23:59:59Z" };

type Row = Record<string, string>;

const readers: Record<string, (file: Buffer) => Row[] | Promise<Row[]>> = {
  csv: (file) => parse(file, { columns: true }),
  json: (file) => JSON.parse(file.toString()).map(Object.entries).map(textsOf),
  xml: (file) => {
    const parser = new XMLParser({ parseTagValue: false });
    return parser.parse(file).report.line;
  },
  async xlsx(file) {
    const sheets = await readExcel(file);
    const [head = [], ...rows] = (sheets[0] as { data: unknown[][] }).data;
    return rows.map((row) => textsOf(head.map((name, at) => [String(name), row[at] ?? ""])));
  },
};

const textsOf = (entries: [string, unknown][]): Row =>
  Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));

describe("a report", () => {
  test.each(Object.keys(readers))("as %s holds the orders of its period, to four decimals", async (format) => {
    const { mock } = await sandbox({ size: "medium", speed: 10 });
    const imcloud = clientOf(mock);
    const states: string[] = [];
    const report = await imcloud.reports.run(
      { name: "Daily Report", format: format as "csv", ...PERIOD },
      { onState: ({ status }) => states.push(String(status)) },
    );
    expect(states.at(-1)).toBe("completed");
    expect(report.format).toBe(format.toUpperCase());
    const folder = await mkdtemp(join(tmpdir(), "imcloud-report-"));
    try {
      const file = join(folder, `report.${format}`);
      await (await imcloud.reports.download(report)).toFile(file);
      const rows = (await readers[format]?.(await readFile(file))) ?? [];
      const orders = await Array.fromAsync(
        imcloud.orders.list({
          creationTimeFrom: PERIOD.startDate,
          creationTimeTo: PERIOD.endDate,
          status: "completed",
        }),
      );
      const priced = orders.filter(({ total }) => total);
      expect(new Set(rows.map(({ orderId }) => orderId)).size).toBe(priced.length);
      const total = priced.reduce((sum, order) => sum + Math.round(Number(order.total?.amount) * 100), 0);
      expect(rows.reduce((sum, row) => sum + Math.round(Number(row.total) * 100), 0)).toBe(total);
      expect(rows.every(({ net }) => /^-?\d+\.\d{4}$/.test(String(net)))).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("a report's link", () => {
  test("is on another origin, which refuses the API's headers", async () => {
    const { mock, imcloud } = await sandbox();
    const { downloadUrl = "" } = await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
    expect(new URL(downloadUrl).origin).toBe(mock.filesUrl);
    expect(new URL(downloadUrl).origin).not.toBe(new URL(mock.url).origin);
    for (const name of ["authorization", "x-subscription-key", "cookie"]) {
      const response = await fetch(downloadUrl, { headers: { [name]: "secret" } });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(name);
    }
    const response = await fetch(downloadUrl);
    expect(response.headers.get("content-type")).toContain("text/csv");
    expect(await response.text()).toContain("SO900301");
  });

  test("ends, cannot be changed, and is made anew at each reading", async () => {
    const { mock, imcloud } = await sandbox();
    const report = await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
    const link = String(report.downloadUrl);
    const changed = [link.replace("6f0a7c52", "0b8f6c1e"), link.replace(/expires=\d+/, "expires=9999999999999")];
    for (const other of [...changed, link.replace(/signature=.*/, ""), `${mock.filesUrl}/`]) {
      expect((await fetch(other)).status).toBe(403);
    }
    await mock.advance(15 * 60_000);
    const ended = await fetch(link);
    expect([ended.status, await ended.text()]).toEqual([
      403,
      "The link has expired. Read the report again for a new one.\n",
    ]);
    // The client asks for a new one by itself.
    expect(await text((await imcloud.reports.download(report)) as never)).toContain("orderNumber");
  });
});
