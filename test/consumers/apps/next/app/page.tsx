import { imcloud } from "./imcloud";

// Rendered at each request, as orders change.
export const dynamic = "force-dynamic";

export default async function Orders() {
  const { data, pagination } = await imcloud().orders.list({ limit: 25 });
  return (
    <main>
      <h1>{pagination.total} orders</h1>
      <ul>
        {data.map(({ id, orderNumber, status }) => (
          <li key={id}>
            {orderNumber} is {status}
          </li>
        ))}
      </ul>
    </main>
  );
}
