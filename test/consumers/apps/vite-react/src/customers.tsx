import type { ImcloudClient } from "@imcloud/client";
import { allRows, customers } from "@imcloud/query";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";

export function Customers({ imcloud }: { imcloud: ImcloudClient }) {
  const { data, error, isPending } = useInfiniteQuery({
    ...customers.list.infiniteQueryOptions(imcloud, {}),
    select: (pages) => allRows(pages),
  });
  const rename = useMutation(customers.update.mutationOptions(imcloud)); // refetches the list
  if (isPending) return <p>Loading</p>;
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <ul>
      {data.map(({ id, name }) => (
        <li key={id}>
          {name}{" "}
          <button type="button" onClick={() => rename.mutate({ id, body: { name: `${name} AB` } })}>
            Make it a company
          </button>
        </li>
      ))}
    </ul>
  );
}
