import type { Fault, FaultKind, LoggedRequest, Sandbox } from "@imcloud/mock/sandbox";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { useDesk } from "../shared/desk-context.ts";

const STEPS = [
  ["10 s", 10_000],
  ["1 hour", 3_600_000],
  ["1 day", 86_400_000],
  ["1 month", 30 * 86_400_000],
] as const;

/** What a button makes go wrong: the next call, or the next order. */
const FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ["Next order: response is lost", { kind: "gatewayTimeout", operation: "orders_create", count: 1 }],
  ["Next order: fails later", { kind: "orderError", count: 1 }],
  ["Next call: too many calls", { kind: "rateLimit", retryAfter: 2, count: 1 }],
  ["Next call: connection breaks", { kind: "dropBefore", count: 1 }],
  ["All calls: two seconds late", { kind: "latency", milliseconds: 2_000 }],
  ["All calls: proxy gives up", { kind: "gatewayTimeout" }],
];

const CLOCK = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });

/** What is shown of the sandbox at a moment. */
const look = (sandbox: Sandbox) => ({
  now: CLOCK.format(sandbox.now()),
  faults: sandbox.faults.list(),
  requests: sandbox.requests().slice(-14).reverse(),
});

/** The sandbox twice a second. It has no events. */
function useSandbox(sandbox: Sandbox) {
  const [state, setState] = useState(() => look(sandbox));
  useEffect(() => {
    const timer = setInterval(() => setState(look(sandbox)), 500);
    return () => clearInterval(timer);
  }, [sandbox]);
  return [state, () => setState(look(sandbox))] as const;
}

const FAULT_NAMES: Partial<Record<FaultKind, string>> = Object.fromEntries(
  FAULTS.map(([name, { kind }]) => [kind, name]),
);

const Requests = ({ requests }: { requests: readonly LoggedRequest[] }) => (
  <section aria-label="Last calls">
    <h2>Last calls</h2>
    <ol className="log">
      {requests.map((request, index) => (
        <li key={index}>
          <span className={(request.status ?? 0) < 400 ? "log-good" : "log-bad"}>{request.status ?? "–"}</span>{" "}
          {request.operation ?? request.path}
        </li>
      ))}
    </ol>
  </section>
);

function Steering({ sandbox }: { sandbox: Sandbox }) {
  const queryClient = useQueryClient();
  const choice = useId();
  const [fault, setFault] = useState(0);
  const [{ now, faults, requests }, update] = useSandbox(sandbox);
  const { mutate: advance, isPending } = useMutation({
    mutationFn: (milliseconds: number) => sandbox.advance(milliseconds),
    onSettled: () => {
      update();
      return queryClient.invalidateQueries();
    },
  });
  return (
    <>
      <div className="clock">
        <span className="kicker">Clock of the sandbox</span>
        <time>{now}</time>
      </div>
      <fieldset className="steps-of-time">
        <legend>Let time pass</legend>
        {STEPS.map(([name, milliseconds]) => (
          <button
            key={name}
            type="button"
            className="button"
            disabled={isPending}
            onClick={() => advance(milliseconds)}
          >
            +{name}
          </button>
        ))}
      </fieldset>
      <details className="more">
        <summary>
          Faults and calls
          {faults.length > 0 && <span className="badge">{faults.length}</span>}
        </summary>
        <div className="more-panel">
          <section aria-label="Make something go wrong">
            <h2>Make something go wrong</h2>
            <div className="field">
              <label htmlFor={choice}>What happens</label>
              <select id={choice} value={fault} onChange={({ target }) => setFault(Number(target.value))}>
                {FAULTS.map(([name], index) => (
                  <option key={name} value={index}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
            <div className="actions">
              <button
                type="button"
                className="button button-primary"
                onClick={() => {
                  const chosen = FAULTS[fault];
                  if (chosen) sandbox.faults.add(chosen[1]);
                  update();
                }}
              >
                Add fault
              </button>
              <button
                type="button"
                className="button"
                disabled={faults.length === 0}
                onClick={() => {
                  sandbox.faults.clear();
                  update();
                }}
              >
                Clear
              </button>
              <button
                type="button"
                className="button"
                onClick={async () => {
                  await sandbox.reset();
                  update();
                  void queryClient.invalidateQueries();
                }}
              >
                Reset all data
              </button>
            </div>
            <ul className="faults" aria-label="Faults to come">
              {faults.map((each, index) => (
                <li key={index}>{FAULT_NAMES[each.kind] ?? each.kind}</li>
              ))}
            </ul>
          </section>
          <Requests requests={requests} />
        </div>
      </details>
    </>
  );
}

/** Moves the sandbox's clock and makes faults. A server's are moved on its own page, as it takes no such calls from other pages. */
export function ControlBar() {
  const { sandbox, place } = useDesk();
  return (
    <aside className="control-bar" aria-label="Sandbox">
      {sandbox ? (
        <Steering sandbox={sandbox} />
      ) : (
        <p>
          Connected to <strong>{place}</strong>. Its clock and its faults are on{" "}
          <a href={`http://${place}/`} target="_blank" rel="noreferrer">
            its own page
          </a>
          .
        </p>
      )}
    </aside>
  );
}
