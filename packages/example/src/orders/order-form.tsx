import type { OrderCreate, ParameterValidationRequest, Product } from "@imcloud/client";
import { allRows, customers, orders, products, validation } from "@imcloud/query";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useClient } from "../shared/desk-context.ts";
import { amount, count, period } from "../shared/format.ts";
import { Card, Failure, Loading, Title } from "../shared/parts.tsx";
import { go, href } from "../shared/route.ts";
import { type FieldValues, ParameterFields, toParameters } from "./parameter-fields.tsx";

const STEPS = ["Product", "Seats and parameters", "Check and place"] as const;

/** What is to be ordered so far. */
interface Draft {
  product: Product;
  quantity: number;
  values: FieldValues;
  draftRequestId?: string;
}

const productOf = ({ product, quantity, values }: Draft) => ({
  id: String(product.id),
  quantity,
  parameters: toParameters(values),
});

function Steps({ at }: { at: number }) {
  return (
    <ol className="steps" aria-label="Steps of the order">
      {STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? "step" : undefined} className={index < at ? "is-done" : ""}>
          {step}
        </li>
      ))}
    </ol>
  );
}

const priceOf = ({ prices = [], billingPeriod }: Product): string => {
  const price = prices.find(({ type }) => type === "recurring") ?? prices[0];
  return price ? `${amount(price)} a ${period(billingPeriod)}` : "–";
};

function ChooseProduct({ choose }: { choose: (product: Product) => void }) {
  const imcloud = useClient();
  const [text, setText] = useState("");
  // All in one call: the API's filter takes whole names alone.
  const { data, error, refetch } = useInfiniteQuery({
    ...products.list.infiniteQueryOptions(imcloud),
    select: (pages) => allRows(pages),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const words = text.toLowerCase().split(/\s+/);
  const shown = data?.filter(({ name = "", mpn = "" }) => {
    const searched = `${name} ${mpn}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
  return (
    <Card title="Choose a product">
      <div className="field">
        <label htmlFor="product-search">Search products</label>
        <input
          id="product-search"
          type="search"
          placeholder="Name or part number"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Loading what="Reading the products" />}
      {shown?.length === 0 && <p className="empty">No product is named like that.</p>}
      <ul className="choices">
        {shown?.map((product) => (
          <li key={product.id}>
            <button type="button" onClick={() => choose(product)}>
              <span className="row-text">
                <strong>{product.name}</strong>
                <span className="quiet">
                  {product.mpn}
                  {product.subscriptionPeriod && ` · for a ${period(product.subscriptionPeriod)}`}
                </span>
              </span>
              <span className="price">{priceOf(product)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Asks the API what it needs to know, and shows what it says of each value. */
function Details({
  customerId,
  draft,
  change,
  back,
  next,
}: {
  customerId: string;
  draft: Draft;
  change: (draft: Draft) => void;
  back: () => void;
  next: (draft: Draft) => void;
}) {
  const imcloud = useClient();
  const field = useId();
  const { product } = draft;
  const body: ParameterValidationRequest = {
    type: "sales",
    customerId,
    products: [{ ...productOf(draft), ...(draft.draftRequestId && { draftRequestId: draft.draftRequestId }) }],
  };
  const { data, error, isFetching, refetch } = useQuery({
    ...validation.parameters.queryOptions(imcloud, body),
    placeholderData: keepPreviousData,
  });
  const [typed, setTyped] = useState(draft.values);
  const [quantity, setQuantity] = useState(draft.quantity);
  const result = data?.data[0];
  const parameters = result?.parameters ?? [];
  const isGood = result !== undefined && !isFetching && parameters.every((each) => each.result !== "error");
  const isChanged = JSON.stringify([typed, quantity]) !== JSON.stringify([draft.values, draft.quantity]);
  const least = Math.max(1, Number(product.minimumQuantity ?? 1));
  const most = Number(product.maximumQuantity ?? 10_000);
  return (
    <Card title={String(product.name)} aside={<span className="price">{priceOf(product)}</span>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isGood && !isChanged) return next(draft);
          const id = result?.draftRequestId;
          change({ ...draft, values: typed, quantity, ...(id && { draftRequestId: id }) });
        }}
      >
        <div className="field field-short">
          <label htmlFor={field}>Seats</label>
          <input
            id={field}
            type="number"
            inputMode="numeric"
            required
            min={least}
            max={most}
            value={quantity}
            onChange={({ target }) => setQuantity(Math.trunc(target.valueAsNumber) || least)}
          />
          <p className="quiet">
            From {least} to {most}.
          </p>
        </div>
        <ParameterFields parameters={parameters} values={typed} checked={draft.values} change={setTyped} />
        <Failure error={error} retry={() => void refetch()} />
        <p role="status" className="quiet">
          {isFetching
            ? "The marketplace looks at it…"
            : parameters.length === 0
              ? "The marketplace needs to know nothing more."
              : isGood && !isChanged
                ? "The marketplace takes all of it."
                : ""}
        </p>
        <div className="actions">
          <button type="button" className="button" onClick={back}>
            Back
          </button>
          <button type="submit" className="button button-primary" disabled={isFetching}>
            {isGood && !isChanged ? "Continue" : "Check"}
          </button>
        </div>
      </form>
    </Card>
  );
}

function Place({ customerId, draft, back }: { customerId: string; draft: Draft; back: () => void }) {
  const imcloud = useClient();
  const field = useId();
  // Made once, so that a second click finds the first order.
  const [poNumber, setPoNumber] = useState(() => `DESK-${Date.now().toString(36).toUpperCase()}`);
  const order: OrderCreate = { type: "sales", customerId, products: [productOf(draft)] };
  const estimate = useQuery(orders.estimate.queryOptions(imcloud, order));
  const place = useMutation({
    ...orders.create.mutationOptions(imcloud),
    onSuccess: ({ id }) => go("orders", id),
  });
  return (
    <Card title="What it will cost">
      <Failure error={estimate.error} retry={() => void estimate.refetch()} />
      {!estimate.data && !estimate.error && <Loading what="The marketplace calculates" />}
      {estimate.data && (
        <table className="bill">
          <thead>
            <tr>
              <th scope="col">Item</th>
              <th scope="col" className="number">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {estimate.data.details?.map((line) => (
              <tr key={line.description}>
                <td>
                  {line.description}
                  <span className="quiet">
                    {count(Number(line.quantity), "seat")} at {amount(line.unitPrice)}
                  </span>
                </td>
                <td className="number">{amount(line.extendedPrice)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total with tax</th>
              <td className="number">{amount(estimate.data.total)}</td>
            </tr>
          </tfoot>
        </table>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          place.mutate({ ...order, poNumber });
        }}
      >
        <div className="field">
          <label htmlFor={field}>Purchase order number</label>
          <input
            id={field}
            required
            maxLength={40}
            value={poNumber}
            onChange={({ target }) => setPoNumber(target.value)}
          />
          <p className="quiet">By this number the order is found again if its response is lost. It is placed once.</p>
        </div>
        {place.isPending && <Loading what="The order is on its way" />}
        <Failure error={place.error} />
        <div className="actions">
          <button type="button" className="button" onClick={back} disabled={place.isPending}>
            Back
          </button>
          <button type="submit" className="button button-primary" disabled={!estimate.data || place.isPending}>
            Place the order
          </button>
        </div>
      </form>
    </Card>
  );
}

export function OrderForm({ customerId }: { customerId: string }) {
  const imcloud = useClient();
  const { data: customer } = useQuery(customers.get.queryOptions(imcloud, customerId));
  const [draft, setDraft] = useState<Draft>();
  const [isChecked, setChecked] = useState(false);
  const step = draft === undefined ? 0 : isChecked ? 2 : 1;
  return (
    <div className="narrow">
      <a className="back" href={href("customers", customerId)}>
        Back to {customer?.name ?? "the customer"}
      </a>
      <Title kicker={customer?.name ?? "…"}>New order</Title>
      <Steps at={step} />
      {step === 0 && (
        <ChooseProduct
          choose={(product) => {
            const quantity = Math.max(1, Number(product.minimumQuantity ?? 1));
            setDraft({ product, quantity, values: {} });
          }}
        />
      )}
      {step === 1 && draft && (
        <Details
          customerId={customerId}
          draft={draft}
          change={setDraft}
          back={() => setDraft(undefined)}
          next={() => setChecked(true)}
        />
      )}
      {step === 2 && draft && <Place customerId={customerId} draft={draft} back={() => setChecked(false)} />}
    </div>
  );
}
