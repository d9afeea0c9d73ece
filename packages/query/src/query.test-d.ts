import type { Customer, CustomerRow, ImcloudClient, ListPage, OrderDetails } from "@imcloud/client";
import type { InfiniteData } from "@tanstack/query-core";
import {
  type QueryClient,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { useQuery as useVueQuery } from "@tanstack/vue-query";
import { expectTypeOf, test } from "vitest";
import { allRows, customers, orders } from "./index.ts";

declare const imcloud: ImcloudClient;
declare const queryClient: QueryClient;
declare const maybe: string | undefined;

test("a query has the data of the client's method", () => {
  const { data } = useQuery(customers.get.queryOptions(imcloud, "1"));
  expectTypeOf(data).toEqualTypeOf<Customer | undefined>();
  expectTypeOf(useSuspenseQuery(customers.get.queryOptions(imcloud, "1")).data).toEqualTypeOf<Customer>();
  expectTypeOf(useVueQuery(customers.get.queryOptions(imcloud, "1")).data.value).toEqualTypeOf<Customer | undefined>();
});

test("own options are added by spreading", () => {
  const { data } = useQuery({
    ...customers.get.queryOptions(imcloud, "1"),
    select: ({ name }) => name,
    staleTime: 60_000,
  });
  expectTypeOf(data).toEqualTypeOf<string | undefined>();
});

test("a key tells its data", () => {
  expectTypeOf(queryClient.getQueryData(customers.get.queryKey("1"))).toEqualTypeOf<Customer | undefined>();
  expectTypeOf(queryClient.fetchQuery(customers.get.queryOptions(imcloud, "1"))).resolves.toEqualTypeOf<Customer>();
});

test("several queries keep each its own data", () => {
  const [customer, order] = useQueries({
    queries: [customers.get.queryOptions(imcloud, "1"), orders.get.queryOptions(imcloud, "2")],
  });
  expectTypeOf(customer.data).toEqualTypeOf<Customer | undefined>();
  expectTypeOf(order.data).toEqualTypeOf<OrderDetails | undefined>();
});

test("an infinite query has pages, or their rows", () => {
  const { data } = useInfiniteQuery(customers.list.infiniteQueryOptions(imcloud, { name: "a" }));
  expectTypeOf(data).toExtend<InfiniteData<ListPage<CustomerRow>> | undefined>();
  const rows = useInfiniteQuery({ ...customers.list.infiniteQueryOptions(imcloud), select: allRows }).data;
  expectTypeOf(rows).toEqualTypeOf<CustomerRow[] | undefined>();
});

test("skipToken stands for what is not known yet, but not where the data has to come", () => {
  const options = customers.get.queryOptions(imcloud, maybe ?? skipToken);
  expectTypeOf(useQuery(options).data).toEqualTypeOf<Customer | undefined>();
  // @ts-expect-error a suspended component would wait for ever
  useSuspenseQuery(options);
  // @ts-expect-error an id is needed
  customers.get.queryOptions(imcloud);
});

test("a misspelled filter is an error", () => {
  // @ts-expect-error the API would ignore it
  customers.list.queryOptions(imcloud, { naem: "a" });
});

test("an order is placed once, by its number", () => {
  const { mutate, data } = useMutation(orders.create.mutationOptions(imcloud));
  expectTypeOf(data).toEqualTypeOf<OrderDetails | undefined>();
  mutate({ type: "renewal", customerId: "1", subscriptionId: "2", poNumber: "PO-1" });
  // @ts-expect-error without a number it could not be found again
  mutate({ type: "renewal", customerId: "1", subscriptionId: "2" });
});
