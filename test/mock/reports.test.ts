import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ReportCreate } from "@imcloud/client";
import type { Mock } from "@imcloud/mock";
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

/** Runs a report, and reads the rows of its file. */
async function rowsOf(mock: Mock, report: ReportCreate): Promise<Row[]> {
  const imcloud = clientOf(mock);
  const made = await imcloud.reports.run(report);
  const folder = await mkdtemp(join(tmpdir(), "imcloud-report-"));
  try {
    const file = join(folder, "report");
    await (await imcloud.reports.download(made)).toFile(file);
    return (await readers[String(report.format)]?.(await readFile(file))) ?? [];
  } finally {
    await rm(folder, { recursive: true });
  }
}

const centsIn = (rows: Row[], column: string) =>
  rows.reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0);

describe("report files", () => {
  test.each(Object.keys(readers))("as %s have the orders of the period, to four decimals", async (format) => {
    const { mock } = await sandbox({ size: "medium", speed: 10 });
    const imcloud = clientOf(mock);
    const rows = await rowsOf(mock, { name: "Every Invoice - Full View", format: format as "csv", ...PERIOD });
    const orders = await Array.fromAsync(
      imcloud.orders.list({
        creationTimeFrom: PERIOD.startDate,
        creationTimeTo: PERIOD.endDate,
        status: "completed",
      }),
    );
    const priced = orders.filter(({ total }) => total);
    expect(new Set(rows.map(({ CUSTOMER_INVOICE_NUMBER }) => CUSTOMER_INVOICE_NUMBER))).toEqual(
      new Set(priced.map(({ orderNumber }) => orderNumber)),
    );
    const total = priced.reduce((sum, order) => sum + Math.round(Number(order.total?.amount) * 100), 0);
    expect(centsIn(rows, "CUSTOMER_DETAIL_TOTAL")).toBe(total);
    for (const row of rows) {
      expect(row.CUSTOMER_DETAIL_NET_TOTAL).toMatch(/^-?\d+\.\d{4}$/);
      expect(row.RESELLER_DETAIL_DESCRIPTION).toMatch(
        /( Setup| Recurring \(\d+ (Day|Month|Year)\(s\) term\) from \S+ through \S+)$/,
      );
    }
  });

  test("have the reseller's and the customer's charge side by side", async () => {
    const { mock } = await sandbox({ size: "medium", speed: 10 });
    const rows = await rowsOf(mock, { name: "Every Invoice - Full View", format: "csv", ...PERIOD });
    const sums = { reseller: new Map<string, number>(), customer: new Map<string, number>() };
    for (const row of rows) {
      const number = String(row.CUSTOMER_INVOICE_NUMBER);
      sums.reseller.set(number, (sums.reseller.get(number) ?? 0) + Math.round(Number(row.RESELLER_DETAIL_TOTAL) * 100));
      sums.customer.set(number, (sums.customer.get(number) ?? 0) + Math.round(Number(row.CUSTOMER_DETAIL_TOTAL) * 100));
    }
    for (const row of rows) {
      const number = String(row.CUSTOMER_INVOICE_NUMBER);
      expect(Math.round(Number(row.RESELLER_TOTAL) * 100)).toBe(sums.reseller.get(number));
      expect(Math.round(Number(row.CUSTOMER_TOTAL) * 100)).toBe(sums.customer.get(number));
    }
    const ofSales = rows.filter(({ CUSTOMER_DETAIL_TYPE }) => CUSTOMER_DETAIL_TYPE === "Recurring");
    expect(centsIn(ofSales, "RESELLER_DETAIL_TOTAL")).toBeGreaterThan(0);
    expect(centsIn(ofSales, "RESELLER_DETAIL_TOTAL")).toBeLessThan(centsIn(ofSales, "CUSTOMER_DETAIL_TOTAL"));
  });

  test("have columns with blanks in the short view", async () => {
    const { mock } = await sandbox({ size: "medium", speed: 10 });
    const [row] = await rowsOf(mock, { name: "Every Invoice - Short View", format: "csv", ...PERIOD });
    expect(row).toMatchObject({ "Customer Account ID": expect.stringMatching(/^\d+$/), "Plan ID": expect.any(String) });
    expect(row).not.toHaveProperty("CUSTOMER_NAME");
    const [inXml] = await rowsOf(mock, { name: "Every Invoice - Short View", format: "xml", ...PERIOD });
    expect(inXml).toHaveProperty("End_Customer_Name");
  });

  test("have the seats of every active subscription for subscription resources", async () => {
    const { mock } = await sandbox({ speed: 10 });
    const imcloud = clientOf(mock);
    const rows = await rowsOf(mock, { name: "Subscription Resources", format: "csv", ...PERIOD });
    const running = await Array.fromAsync(imcloud.subscriptions.list({ status: "active" }));
    const details = await Promise.all(running.map(({ id }) => imcloud.subscriptions.get(id)));
    const seats = details.flatMap(({ id, products = [] }) =>
      products.map((product) => [id, product.id, String(product.quantity)]),
    );
    expect(
      rows.map((row) => [row.SUBSCRIPTION_ID, row.SUBSCRIPTION_RESOURCE_ID, row.SUBSCRIPTION_RESOURCE_ORDERED_AMOUNT]),
    ).toEqual(seats);
  });

  test("have their columns when there are no rows", async () => {
    const { mock, imcloud } = await sandbox({ speed: 10 });
    const report = await imcloud.reports.run({
      name: "Every Invoice - Full View",
      format: "csv",
      startDate: "2020-01-01T00:00:00Z",
      endDate: "2020-01-31T23:59:59Z",
    });
    const content = await text((await imcloud.reports.download(report)) as never);
    expect(content.trim().split("\n")).toHaveLength(1);
    expect(content).toContain("CUSTOMER_DETAIL_TOTAL");
    expect(mock.requests().at(-1)?.status).toBe(200);
  });
});

describe("scheduled reports", () => {
  test("exist for each kept month: one for each invoice, and the seats", async () => {
    const { imcloud } = await sandbox({ size: "medium" });
    const ofInvoices = await imcloud.reports.list({ type: "on_invoice" });
    // Two formats for each month, and the document's example.
    expect(ofInvoices.data).toHaveLength(7);
    for (const { name, status, format, creationDate } of ofInvoices.data) {
      expect(name).toMatch(/^Every Invoice - /);
      expect(status).toBe("completed");
      expect(["CSV", "XLSX"]).toContain(format);
      expect(creationDate).toMatch(/^2026-\d\d-01T06:00:0\dZ$/);
    }
    const periodic = await imcloud.reports.list({ type: "periodic" });
    const names = new Set(periodic.data.map(({ name }) => name));
    expect([periodic.data.length, names]).toEqual([6, new Set(["Subscription Resources", "Accounts"])]);
  });
});

describe("on_invoice reports", () => {
  test("appear by themselves for each month, in the small size too", async () => {
    const { mock, imcloud } = await sandbox();
    const ofInvoices = async () => (await imcloud.reports.list({ type: "on_invoice" })).data;
    expect((await ofInvoices()).length).toBe(1);
    await mock.advance(Date.parse("2026-12-15") - mock.now().getTime());
    const [newest, before] = await ofInvoices();
    expect(newest).toMatchObject({
      ...{
        name: "Every Invoice - Full View",
        status: "completed",
        format: "CSV",
        creationDate: "2026-12-01T06:00:00Z",
      },
      ...{ startDate: "2026-11-01T00:00:00Z", endDate: "2026-11-30T23:59:59Z", downloadUrl: expect.any(String) },
    });
    expect(before?.startDate).toBe("2026-10-01T00:00:00Z");
    expect((await ofInvoices()).length).toBe(3);
    const file = await text((await imcloud.reports.download(String(newest?.id))) as never);
    expect(file).toContain("RESELLER_ACCOUNT_STATEMENT_DAY");
  });
});

describe("accounts report", () => {
  test("has phone numbers in four columns", async () => {
    const { mock } = await sandbox({ speed: 10 });
    const rows = await rowsOf(mock, { name: "Accounts", format: "csv", ...PERIOD });
    expect(rows.map(({ ACCOUNT_ID, ACCOUNT_TYPE }) => `${ACCOUNT_TYPE} ${ACCOUNT_ID}`)).toEqual([
      ...["RESELLER 1000010", "CUSTOMER 1002102", "CUSTOMER 1002101"],
    ]);
    expect(rows[1]).toMatchObject({
      ...{ ACCOUNT_PHONE_COUNTRY_CODE: "46", ACCOUNT_PHONE_AREA_CODE: "60", ACCOUNT_PHONE_NUMBER: "5550100" },
      ...{ ACCOUNT_PHONE_EXTENSION: "", ACCOUNT_STATUS_INT: "1" },
    });
    expect(rows[0]).toMatchObject({
      ACCOUNT_PHONE_NUMBER: "+46315550111",
      ACCOUNT_TAX_REGISTRATION_ID: "SE000000000002",
    });
  });
});

describe("report links", () => {
  test("are on another origin, which rejects the API's headers", async () => {
    const { mock, imcloud } = await sandbox();
    const { downloadUrl = "" } = await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
    expect(new URL(downloadUrl).origin).toBe(mock.filesUrl);
    expect(new URL(downloadUrl).origin).not.toBe(new URL(mock.url).origin);
    for (const name of ["authorization", "x-subscription-key", "x-client-id"]) {
      const response = await fetch(downloadUrl, { headers: { [name]: "secret" } });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(name);
    }
    const { pathname, searchParams } = new URL(downloadUrl);
    expect(decodeURIComponent(pathname)).toMatch(
      /^\/rde\/[\w -]+\.6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90\.2026-10-01\.06-00-03\+0000\.csv$/,
    );
    expect(searchParams.get("sp")).toBe("rwd");
    const [start, end] = ["st", "se"].map((name) => Date.parse(String(searchParams.get(name))));
    expect(Number(end) - Number(start)).toBe(90 * 86_400_000);
    const response = await fetch(downloadUrl);
    expect(response.headers.get("content-type")).toContain("text/csv");
    expect(await response.text()).toContain("SO900301");
  });

  test("lead to the file for any report name", async () => {
    const { mock, imcloud } = await sandbox({ speed: 10 });
    let name = "";
    // Changed by middleware, as the client refuses a lone surrogate.
    imcloud.use((call, next) =>
      next(
        call.operation === "reports_create"
          ? { ...call, body: JSON.stringify({ name, format: "csv", ...PERIOD }) }
          : call,
      ),
    );
    for (name of ["Every Invoice - 100 % / (März) 'x'*", "half \ud800 a character", "../../up"]) {
      const report = await imcloud.reports.run({ name: "any", format: "csv", ...PERIOD });
      expect(new URL(String(report.downloadUrl)).origin).toBe(mock.filesUrl);
      const response = await fetch(String(report.downloadUrl));
      expect([response.status, response.headers.get("content-disposition")]).toEqual([
        200,
        expect.stringMatching(/^attachment; filename\*=UTF-8''[\w.%~!-]+$/),
      ]);
    }
  });

  test("expire with their files after 90 days, and cannot be changed", async () => {
    const { mock, imcloud } = await sandbox();
    const report = await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
    const link = String(report.downloadUrl);
    const changed = [link.replace("6f0a7c52", "0b8f6c1e"), link.replace(/se=[^&]+/, "se=9999-12-31T23%3A59%3A59Z")];
    for (const other of [...changed, link.replace(/sig=.*/, ""), `${mock.filesUrl}/`]) {
      expect((await fetch(other)).status).toBe(403);
    }
    // Just before the file is 90 days old, and just after.
    await mock.advance(Date.parse("2026-12-30T06:00:03Z") - mock.now().getTime() - 900);
    expect((await fetch(link)).status).toBe(200);
    expect(await text((await imcloud.reports.download(report)) as never)).toContain("CUSTOMER_INVOICE_NUMBER");
    await mock.advance(900);
    const ended = await fetch(link);
    expect([ended.status, await ended.text()]).toEqual([403, "The link has expired: a file is kept for 90 days.\n"]);
    const { status, downloadUrl } = await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
    expect([status, downloadUrl]).toEqual(["completed", undefined]);
  });
});
