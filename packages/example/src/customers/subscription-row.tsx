import { subscriptions } from "@imcloud/query";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useClient } from "../shared/desk-context.ts";
import { amount, count, day } from "../shared/format.ts";
import { Failure, Loading, Status } from "../shared/parts.tsx";

/** Changes how many seats a subscription has, by one change order that is waited for. */
function Seats({ id, seats, close }: { id: string; seats: number; close: () => void }) {
  const imcloud = useClient();
  const field = useId();
  const [to, setTo] = useState(seats);
  const { mutate, isPending, error, data } = useMutation(subscriptions.changeSeats.mutationOptions(imcloud));
  const difference = to - seats;
  return (
    <form
      className="seats"
      onSubmit={(event) => {
        event.preventDefault();
        mutate({ id, to });
      }}
    >
      <label htmlFor={field}>Seats in all</label>
      <div className="stepper">
        <button type="button" aria-label="One seat less" disabled={to < 1} onClick={() => setTo(to - 1)}>
          −
        </button>
        <input
          id={field}
          type="number"
          inputMode="numeric"
          min={0}
          value={to}
          onChange={({ target }) => setTo(Math.max(0, Math.trunc(target.valueAsNumber) || 0))}
        />
        <button type="button" aria-label="One seat more" onClick={() => setTo(to + 1)}>
          +
        </button>
      </div>
      <button type="submit" className="button button-primary" disabled={isPending || difference === 0}>
        {difference === 0
          ? "Change seats"
          : `${difference > 0 ? "Add" : "Remove"} ${count(Math.abs(difference), "seat")}`}
      </button>
      <button type="button" className="button" onClick={close}>
        Close
      </button>
      <div className="seats-note">
        {isPending && <Loading what="The change is ordered. It takes some seconds of the clock." />}
        {data?.order && (
          <p role="status">
            {count(data.to, "seat")} since order {data.order.orderNumber}.
          </p>
        )}
        <Failure error={error} />
      </div>
    </form>
  );
}

export function SubscriptionRow({ id }: { id: string }) {
  const imcloud = useClient();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery(subscriptions.get.queryOptions(imcloud, id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what="Reading a subscription" />;
  const product = data.products?.length === 1 ? data.products[0] : undefined;
  const canChange = product && data.status === "active";
  return (
    <li className="row row-block">
      <div className="row-line">
        <span className="row-text">
          <strong>{data.name}</strong>
          <span className="quiet">
            {product ? count(Number(product.quantity), "seat") : count(data.products?.length ?? 0, "product")}
            {" · "}
            {data.renewalStatus ? `renews ${day(data.renewalDate)}` : `ends ${day(data.expirationDate)}`}
          </span>
        </span>
        <span className="price">{amount(data.totalPrice)}</span>
        <Status>{data.status}</Status>
        {canChange && !isOpen && (
          <button type="button" className="button" onClick={() => setOpen(true)}>
            Change seats<span className="hidden"> of {data.name}</span>
          </button>
        )}
      </div>
      {canChange && isOpen && <Seats id={id} seats={Number(product.quantity)} close={() => setOpen(false)} />}
    </li>
  );
}
