import { createClient } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { QueryClient, useInfiniteQuery, useMutation, useQuery } from "@tanstack/vue-query";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { computed, type EffectScope, effectScope, ref } from "vue";
import { allRows, customers } from "./index.ts";

const sandbox = createSandbox({ speed: 0 });
const imcloud = createClient({ ...sandbox.connection, rateLimit: false });

let queryClient: QueryClient;
let scope: EffectScope;
beforeEach(async () => {
  await sandbox.reset();
  queryClient = new QueryClient();
  queryClient.mount();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  queryClient.clear();
  queryClient.unmount();
});

/** Runs what a component's `setup` would. */
const setup = <T>(use: () => T): T => scope.run(use) as T;

describe("in Vue", () => {
  test("a search follows what is typed", async () => {
    const name = ref("Lindmark");
    const { data } = setup(() =>
      useQuery(
        computed(() => customers.list.queryOptions(imcloud, { name: name.value })),
        queryClient,
      ),
    );
    await expect.poll(() => data.value?.data.map((row) => row.name)).toEqual(["Lindmark Timber"]);
    name.value = "Brightwater";
    await expect.poll(() => data.value?.data.map((row) => row.name)).toEqual(["Brightwater Dental Group"]);
  });

  test("a list goes on to its end", async () => {
    const { data, hasNextPage, fetchNextPage } = setup(() =>
      useInfiniteQuery(
        { ...customers.list.infiniteQueryOptions(imcloud, { limit: 1 }), select: (pages) => allRows(pages) },
        queryClient,
      ),
    );
    await expect.poll(() => data.value?.length).toBe(1);
    expect(hasNextPage.value).toBe(true);
    await fetchNextPage();
    await expect.poll(() => hasNextPage.value).toBe(false);
    expect(data.value?.map(({ name }) => name)).toEqual(["Lindmark Timber", "Brightwater Dental Group"]);
  });

  test("what is on the screen follows a change", async () => {
    const { data } = setup(() => useQuery(customers.get.queryOptions(imcloud, "1002101"), queryClient));
    await expect.poll(() => data.value?.name).toBe("Brightwater Dental Group");
    const { mutateAsync } = setup(() => useMutation(customers.update.mutationOptions(imcloud), queryClient));
    await mutateAsync({ id: "1002101", body: { name: "Brightwater Clinics" } });
    await expect.poll(() => data.value?.name).toBe("Brightwater Clinics");
  });
});
