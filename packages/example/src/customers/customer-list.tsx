import { allRows, customers } from "@imcloud/query";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient } from "../shared/desk-context.ts";
import { Failure, Loading, Status } from "../shared/parts.tsx";
import { href } from "../shared/route.ts";

/** Rows that a page has. More than fit on a screen, so that a scroll costs few calls. */
const PAGE = 50;

/** Milliseconds after the last key before a search is sent: each is a call of the 60 a minute. */
const TYPING = 250;

/** A text that follows another when it has been the same for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Pixels below the edge of the window from which on the end of the list counts as in sight. */
const AHEAD = 200;

/**
 * Calls back when an element is in sight, or soon will be.
 * @param shown what stands before it: when that changes, it is looked at again
 */
function useInSight(callback: () => void, shown: unknown) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(callback);
  latest.current = callback;
  const look = useCallback(() => {
    // An observer tells of where it was, before the rows were there.
    const isDrawn = (element.current?.getClientRects().length ?? 0) > 0;
    const top = element.current?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
    if (isDrawn && top < innerHeight + AHEAD) latest.current();
  }, []);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(look, { rootMargin: `${AHEAD}px` });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [look]);
  useEffect(look, [look, shown]);
  return element;
}

/** @param isAlone whether no customer is open beside it, so that its title is the page's */
export function CustomerList({ current, isAlone }: { current: string | undefined; isAlone: boolean }) {
  const imcloud = useClient();
  const [text, setText] = useState("");
  const name = useSettled(text.trim());
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching, isFetchingNextPage } = useInfiniteQuery({
    ...customers.list.infiniteQueryOptions(imcloud, { ...(name && { name }), limit: PAGE }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => (data ? allRows(data) : []), [data]);
  const total = data?.pages.at(-1)?.total;
  const end = useInSight(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, rows);
  return (
    <nav className="list" aria-label="Customers">
      <div className="search">
        {isAlone ? <h1>Customers</h1> : <h2>Customers</h2>}
        <label className="hidden" htmlFor="search">
          Search customers
        </label>
        <input
          id="search"
          type="search"
          placeholder="Search by name"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <p role="status" className="quiet">
          {data && `${rows.length} of ${total ?? "?"} customers`}
        </p>
      </div>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Loading what="Reading the customers" />}
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <a href={href("customers", row.id)} aria-current={row.id === current ? "page" : undefined}>
              <span className="avatar" aria-hidden="true">
                {row.name.charAt(0)}
              </span>
              <span className="row-text">
                <strong>{row.name}</strong>
                <span className="quiet">{row.externalId ?? row.id}</span>
              </span>
              {row.status !== "active" && <Status>{row.status}</Status>}
            </a>
          </li>
        ))}
      </ul>
      {data && rows.length === 0 && <p className="empty">No customer has a name like that.</p>}
      <div ref={end} className="list-end">
        {hasNextPage && (
          <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Reading more…" : "Show more"}
          </button>
        )}
      </div>
    </nav>
  );
}
