import type { ImcloudClient, Report, ReportCreate } from "@imcloud/client";
import { reports } from "@imcloud/query";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useClient, useDesk } from "../shared/desk-context.ts";
import { day } from "../shared/format.ts";
import { Card, Failure, Loading, Status, Title } from "../shared/parts.tsx";

const NAMES = ["Every Invoice - Full View", "Subscription Resources"] as const;
const FORMATS = ["csv", "xlsx", "json", "xml"] as const;

/** Reads a report's file, and hands it to the browser. */
async function saveFile(imcloud: ImcloudClient, report: Report): Promise<void> {
  const download = await imcloud.reports.download(report);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of download) parts.push(new Uint8Array(chunk));
  const url = URL.createObjectURL(new Blob(parts, { type: download.contentType ?? "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${report.name}.${String(report.format).toLowerCase()}`;
  link.click();
  URL.revokeObjectURL(url);
}

function Download({ report }: { report: Report }) {
  const imcloud = useClient();
  const { mutate, isPending, error } = useMutation({ mutationFn: () => saveFile(imcloud, report) });
  return (
    <>
      <button type="button" className="button" disabled={isPending} onClick={() => mutate()}>
        {isPending ? "Reading…" : "Download"}
        <span className="hidden"> {report.name}</span>
      </button>
      <Failure error={error} />
    </>
  );
}

const isoDay = (date: Date) => date.toISOString().slice(0, 10);

/** The last whole month before a day. */
function lastMonth(now: Date): { from: string; to: string } {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0));
  return { from: isoDay(from), to: isoDay(to) };
}

function RunReport() {
  const { imcloud, sandbox } = useDesk();
  const id = useId();
  const [form, setForm] = useState(() => ({
    name: NAMES[0] as string,
    format: "csv" as (typeof FORMATS)[number],
    ...lastMonth(sandbox?.now() ?? new Date()),
  }));
  const [state, setState] = useState<string>();
  const run = useMutation(reports.run.mutationOptions(imcloud, { onState: ({ status }) => setState(status) }));
  const field = <Name extends keyof typeof form>(name: Name) => ({
    id: `${id}-${name}`,
    value: form[name],
    required: true,
    onChange: ({ target }: { target: { value: string } }) => setForm({ ...form, [name]: target.value }),
  });
  const body: ReportCreate = {
    name: form.name,
    format: form.format,
    startDate: `${form.from}T00:00:00Z`,
    endDate: `${form.to}T23:59:59Z`,
  };
  return (
    <Card title="Run a report">
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          setState(undefined);
          run.mutate(body);
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-name`}>Report</label>
          <select {...field("name")}>
            {NAMES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-format`}>Format</label>
          <select {...field("format")}>
            {FORMATS.map((format) => (
              <option key={format} value={format}>
                {format.toUpperCase()}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-from`}>From</label>
          <input type="date" max={form.to} {...field("from")} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-to`}>To</label>
          <input type="date" min={form.from} {...field("to")} />
        </div>
        <button type="submit" className="button button-primary" disabled={run.isPending}>
          Run report
        </button>
      </form>
      {run.isPending && <Loading what={`The report is ${state ?? "being ordered"}`} />}
      <Failure error={run.error} />
      {run.data && !run.isPending && (
        <div className="done" role="status">
          <span>{run.data.name} is ready.</span>
          <Download report={run.data} />
        </div>
      )}
    </Card>
  );
}

export function ReportsView() {
  const imcloud = useClient();
  const { data, error, refetch } = useQuery(reports.list.queryOptions(imcloud, { limit: 30 }));
  return (
    <div className="narrow">
      <Title kicker="Billing">Reports</Title>
      <RunReport />
      <Card title="Made before" aside={data && <span className="quiet">{data.data.length}</span>}>
        <Failure error={error} retry={() => void refetch()} />
        {!data && !error && <Loading what="Reading the reports" />}
        <ul className="rows">
          {data?.data.map((report) => (
            <li key={report.id} className="row">
              <span className="row-text">
                <strong>{report.name}</strong>
                <span className="quiet">
                  {day(report.startDate)} to {day(report.endDate)} · {String(report.format).toUpperCase()}
                </span>
              </span>
              <Status>{report.status}</Status>
              {report.status === "completed" && report.id && <Download report={report as Report} />}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
