import { customers, orders } from "@imcloud/query";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useClient } from "../shared/desk-context.ts";
import { amount, count, moment } from "../shared/format.ts";
import { Card, Facts, Failure, Loading, Status, Title } from "../shared/parts.tsx";
import { href } from "../shared/route.ts";

/** Milliseconds between two looks at an order that is under way. */
const LOOK = 2_000;

const isOver = (status: string | undefined) => status === "completed" || status === "error" || status === "cancelled";

const PATH = ["submitted", "processing", "completed"] as const;

function Progress({ status }: { status: string | undefined }) {
  const at = PATH.indexOf(status as (typeof PATH)[number]);
  if (at < 0) return null;
  return (
    <ol className="progress" aria-label="How far the order is">
      {PATH.map((step, index) => (
        <li key={step} className={index <= at ? "is-done" : ""} aria-current={index === at ? "step" : undefined}>
          {step}
        </li>
      ))}
    </ol>
  );
}

export function OrderView({ id }: { id: string }) {
  const imcloud = useClient();
  const { data, error, refetch } = useQuery({
    ...orders.get.queryOptions(imcloud, id),
    refetchInterval: ({ state }) => (isOver(state.data?.status) || state.error ? false : LOOK),
  });
  const { data: customer } = useQuery(customers.get.queryOptions(imcloud, data?.customerId ?? skipToken));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what="Reading the order" />;
  return (
    <div className="narrow">
      {customer && (
        <a className="back" href={href("customers", customer.id)}>
          Back to {customer.name}
        </a>
      )}
      <div className="heading">
        <Title kicker={`${data.type} order`}>{data.orderNumber ?? data.id}</Title>
        <span role="status">
          <Status>{data.status}</Status>
        </span>
      </div>
      <Progress status={data.status} />
      <Failure error={error} retry={() => void refetch()} />
      <Card title="Products">
        <ul className="rows">
          {data.products?.map((product) => (
            <li key={product.id} className="row">
              <span className="row-text">
                <strong>{product.name}</strong>
                <span className="quiet">
                  {product.mpn} · {count(Number(product.quantity), "seat")}
                </span>
              </span>
              <span className="price">{amount(product.extendedPrice)}</span>
            </li>
          ))}
        </ul>
      </Card>
      <Card title="About the order">
        <Facts
          facts={[
            ["Total with tax", amount(data.total)],
            ["Purchase order", data.poNumber],
            ["Placed", moment(data.creationDate)],
            ["Customer", customer?.name],
            ["Provisioned", moment(data.provisioningDate)],
            ["Subscription", data.subscriptionId],
          ]}
        />
      </Card>
    </div>
  );
}
