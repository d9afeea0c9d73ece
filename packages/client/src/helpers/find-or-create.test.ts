import { describe, expect, test } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";

/** A platform with customers, which can be told to ignore the filter. */
function platform(existing: { id: string; externalId?: string }[], ignoresFilter = false) {
  const customers = [...existing];
  const { imcloud, calls } = apiOf(
    async (request) => {
      if (request.method === "POST") {
        const made = { id: `new-${customers.length}`, ...(await request.json()) };
        customers.push(made);
        return json(made);
      }
      const id = /customers\/(.+)$/.exec(new URL(request.url).pathname)?.[1];
      if (id) return json(customers.find((customer) => customer.id === id));
      const wanted = new URL(request.url).searchParams.get("externalId");
      const data = customers.filter(({ externalId }) => ignoresFilter || !wanted || externalId === wanted);
      return json({ data, pagination: { offset: 0, limit: 500, total: data.length } });
    },
    { rateLimit: false },
  );
  return { imcloud, calls, customers };
}

const body = { name: "Brightwater Dental Group", externalId: "CRM-7" } as never;

describe("customers.findOrCreate", () => {
  test("returns the customer that has the externalId, unchanged", async () => {
    const { imcloud, customers } = platform([
      { id: "1", externalId: "CRM-6" },
      { id: "2", externalId: "CRM-7" },
    ]);
    expect(await imcloud.customers.findOrCreate(body)).toMatchObject({ id: "2" });
    expect(customers).toHaveLength(2);
  });

  test("creates the customer if there is none, only once for consecutive calls", async () => {
    const { imcloud, customers } = platform([]);
    const made = await imcloud.customers.findOrCreate(body);
    expect(await imcloud.customers.findOrCreate(body)).toMatchObject({ id: made.id });
    expect(customers).toHaveLength(1);
  });

  test("creates it once for calls at the same time, also where they know other things of it", async () => {
    const { imcloud, customers } = platform([]);
    const bodies = [body, body, { name: "Brightwater Dental", externalId: "CRM-7" } as never];
    const made = await Promise.all(bodies.map((each) => imcloud.customers.findOrCreate(each)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(customers).toHaveLength(1);
    expect(await imcloud.customers.createOnce(body)).toMatchObject({ id: made[0]?.id });
  });

  test("does not return another customer when the API ignores the filter", async () => {
    const { imcloud, customers } = platform([{ id: "1", externalId: "CRM-6" }, { id: "2" }], true);
    expect(await imcloud.customers.findOrCreate(body)).toMatchObject({ id: "new-2" });
    expect(customers).toHaveLength(3);
  });

  test("throws when several customers match", async () => {
    const { imcloud, customers } = platform([
      { id: "1", externalId: "CRM-7" },
      { id: "2", externalId: "CRM-7" },
    ]);
    expect(await failureOf(imcloud.customers.findOrCreate(body))).toMatchObject({
      message: 'Several customers have the externalId "CRM-7": 1, 2.',
    });
    expect(customers).toHaveLength(2);
  });

  test("requires an externalId", async () => {
    const { imcloud, calls } = platform([]);
    expect(await failureOf(imcloud.customers.findOrCreate({ name: "x" } as never))).toBeInstanceOf(TypeError);
    expect(calls).toEqual([]);
  });
});
