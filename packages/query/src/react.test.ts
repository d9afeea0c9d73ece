import { createClient } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import {
  QueryClient,
  QueryClientProvider,
  skipToken,
  useQuery,
  useSuspenseInfiniteQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { createElement, type FC, Suspense } from "react";
import { renderToReadableStream } from "react-dom/server";
import { afterEach, describe, expect, test } from "vitest";
import { allRows, customers, subscriptions } from "./index.ts";

const sandbox = createSandbox({ speed: 0 });
const imcloud = createClient({ ...sandbox.connection, rateLimit: false });

const queryClient = new QueryClient();
afterEach(() => queryClient.clear());

/** What React makes of a component once all that it waits for is there. */
async function render(component: FC): Promise<string> {
  const tree = createElement(Suspense, { fallback: "Loading" }, createElement(component));
  const stream = await renderToReadableStream(createElement(QueryClientProvider, { client: queryClient }, tree));
  await stream.allReady;
  return (await new Response(stream).text()).replaceAll("<!-- -->", "");
}

describe("in React", () => {
  test("a component shows a customer", async () => {
    const Customer: FC = () => {
      const { data } = useSuspenseQuery(customers.get.queryOptions(imcloud, "1002101"));
      return createElement("h1", null, data.name);
    };
    expect(await render(Customer)).toContain("<h1>Brightwater Dental Group</h1>");
  });

  test("a component shows the rows of all pages", async () => {
    const Names: FC = () => {
      const { data, hasNextPage } = useSuspenseInfiniteQuery({
        ...customers.list.infiniteQueryOptions(imcloud, { limit: 1 }),
        select: allRows,
      });
      return createElement("p", null, `${data.map(({ name }) => name).join(", ")}${hasNextPage ? " and more" : ""}`);
    };
    expect(await render(Names)).toContain("<p>Lindmark Timber and more</p>");
  });

  test("a component waits for an id that it does not have yet", async () => {
    const Seats: FC<{ id?: string }> = ({ id }) => {
      const { fetchStatus } = useQuery(subscriptions.get.queryOptions(imcloud, id ?? skipToken));
      return createElement("p", null, fetchStatus);
    };
    expect(await render(Seats)).toContain("<p>idle</p>");
  });
});
