import { type ReactNode, useEffect, useRef } from "react";

/** What a status means, by which it is colored. */
const TONES: Record<string, string> = {
  active: "good",
  completed: "good",
  success: "good",
  submitted: "busy",
  processing: "busy",
  pending: "busy",
  error: "bad",
  cancelled: "bad",
  terminated: "quiet",
  removed: "quiet",
};

export function Status({ children }: { children: string | undefined }) {
  if (!children) return null;
  const text = children.replaceAll(/([A-Z])/g, " $1").toLowerCase();
  return <span className={`status status-${TONES[children] ?? "warn"}`}>{text}</span>;
}

export function Failure({ error, retry }: { error: Error | null; retry?: () => void }) {
  if (!error) return null;
  return (
    <div role="alert" className="failure">
      <p>{error.message}</p>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export const Loading = ({ what }: { what: string }) => (
  <p role="status" className="loading">
    <span className="spinner" aria-hidden="true" />
    {what}
  </p>
);

/** The heading of a view. It takes the focus when the view is new, so that a screen reader says where one is. */
export function Title({ children, kicker }: { children: ReactNode; kicker?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className="title">
      {kicker && <p className="kicker">{kicker}</p>}
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
    </div>
  );
}

export const Card = ({ title, children, aside }: { title: string; children: ReactNode; aside?: ReactNode }) => (
  <section className="card" aria-label={title}>
    <header>
      <h2>{title}</h2>
      {aside}
    </header>
    {children}
  </section>
);

/** Facts by name. */
export const Facts = ({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl className="facts">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value || "–"}</dd>
      </div>
    ))}
  </dl>
);
