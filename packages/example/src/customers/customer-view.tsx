import { customers, orders, subscriptions } from "@imcloud/query";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../shared/desk-context.ts";
import { moment } from "../shared/format.ts";
import { Card, Facts, Failure, Loading, Status, Title } from "../shared/parts.tsx";
import { href } from "../shared/route.ts";
import { SubscriptionRow } from "./subscription-row.tsx";

function Subscriptions({ customerId }: { customerId: string }) {
  const imcloud = useClient();
  const { data, error, refetch } = useQuery(subscriptions.list.queryOptions(imcloud, { customerId, limit: 50 }));
  return (
    <Card title="Subscriptions" aside={data && <span className="quiet">{data.pagination.total}</span>}>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Loading what="Reading the subscriptions" />}
      {data?.data.length === 0 && <p className="empty">Nothing yet. Place the first order.</p>}
      <ul className="rows">
        {data?.data.map(({ id }) => (
          <SubscriptionRow key={id} id={id} />
        ))}
      </ul>
    </Card>
  );
}

function Orders({ customerId }: { customerId: string }) {
  const imcloud = useClient();
  const { data, error, refetch } = useQuery(orders.list.queryOptions(imcloud, { customerId, limit: 8 }));
  return (
    <Card title="Latest orders" aside={data && <span className="quiet">{data.pagination.total}</span>}>
      <Failure error={error} retry={() => void refetch()} />
      {!data && !error && <Loading what="Reading the orders" />}
      {data?.data.length === 0 && <p className="empty">No orders.</p>}
      <ul className="rows">
        {data?.data.map((order) => (
          <li key={order.id} className="row">
            <a href={href("orders", order.id)} className="row-text">
              <strong>{order.orderNumber}</strong>
              <span className="quiet">
                {order.type}, {moment(order.creationDate)}
              </span>
            </a>
            <Status>{order.status}</Status>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function CustomerView({ id }: { id: string }) {
  const imcloud = useClient();
  const { data, error, refetch } = useQuery(customers.get.queryOptions(imcloud, id));
  const back = (
    <a className="back" href={href("customers")}>
      All customers
    </a>
  );
  if (error) {
    return (
      <>
        {back}
        <Failure error={error} retry={() => void refetch()} />
      </>
    );
  }
  if (!data) return <Loading what="Reading the customer" />;
  const { address, contactPersons } = data;
  return (
    <>
      {back}
      <div className="heading">
        <Title kicker={<>Customer {data.id}</>}>{data.name}</Title>
        <Status>{data.status}</Status>
        <a className="button button-primary" href={href("customers", id, "order")}>
          New order
        </a>
      </div>
      <div className="columns">
        <div>
          <Subscriptions customerId={id} />
          <Orders customerId={id} />
        </div>
        <div>
          <Card title="Account">
            <Facts
              facts={[
                ["Street", address.streetAddress],
                ["City", `${address.postalCode} ${address.city}, ${address.countryCode}`],
                ["External id", data.externalId],
                ["Tax id", data.taxRegId],
                ["Language", data.language],
              ]}
            />
          </Card>
          <Card title="Contacts">
            <ul className="rows">
              {contactPersons.map((person) => (
                <li key={`${person.type} ${person.email}`} className="row">
                  <span className="row-text">
                    <strong>
                      {person.firstName} {person.lastName}
                    </strong>
                    <span className="quiet">
                      {person.type}, {person.email}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        </div>
      </div>
    </>
  );
}
