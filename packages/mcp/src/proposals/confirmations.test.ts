import { BadRequestError, ConnectionError, UnknownOutcomeError } from "@imcloud/client";
import { describe, expect, test, vi } from "vitest";
import type { Outcome } from "../results/outcome.ts";
import { Confirmations } from "./confirmations.ts";
import type { Proposal } from "./proposal.ts";

let count = 0;

/** A proposal with a given `carryOut`, which never changes. */
function proposalOf(carryOut: () => Promise<Outcome>, changes: Partial<Proposal> = {}): Proposal {
  const proposal: Proposal = {
    ...{ tool: "place_order", poNumber: `T-${++count}`, content: `content ${count}`, fingerprint: "same" },
    shown: { data: {}, advice: "It buys." },
    again: async () => proposal,
    carryOut,
    ...changes,
  };
  return proposal;
}

const idOf = ({ confirmation }: Outcome): string => String(confirmation?.confirmationId);
const details = {
  ...{ status: 400, operation: "orders_create", method: "POST", path: "/orders", body: undefined },
  ...{ correlationId: undefined, retryAfter: undefined, headers: new Headers() },
};
const unknown = () =>
  new UnknownOutcomeError({
    ...{ operation: "orders_create", method: "POST", path: "/orders", body: {}, sentAt: new Date() },
    cause: new Error("lost"),
  });

describe("Confirmations", () => {
  test("does not send a refused proposal again", async () => {
    const carryOut = vi.fn(() => Promise.reject(new BadRequestError("No.", details)));
    const confirmations = new Confirmations();
    const id = idOf(confirmations.offer(proposalOf(carryOut)));
    for (const _ of [1, 2]) await expect(confirmations.confirm("place_order", id)).rejects.toThrow(BadRequestError);
    expect(carryOut).toHaveBeenCalledTimes(1);
    expect(confirmations.open()).toEqual([]);
  });

  test("sends again a request that certainly never left", async () => {
    const failed = { code: "ECONNREFUSED", host: "api.example", neverSent: true, operation: "orders_create" };
    const carryOut = vi.fn<() => Promise<Outcome>>().mockRejectedValueOnce(new ConnectionError(failed));
    carryOut.mockResolvedValue({ data: { id: "1" } });
    const confirmations = new Confirmations();
    const id = idOf(confirmations.offer(proposalOf(carryOut)));
    await expect(confirmations.confirm("place_order", id)).rejects.toThrow(ConnectionError);
    expect(await confirmations.confirm("place_order", id)).toEqual({ data: { id: "1" } });
  });

  test("continues an unknown outcome without another price check, also after expiry, and drops it last", async () => {
    const carryOut = vi.fn<() => Promise<Outcome>>().mockRejectedValueOnce(unknown());
    carryOut.mockResolvedValue({ data: { id: "1" } });
    const confirmations = new Confirmations(1_000);
    const proposal = proposalOf(carryOut);
    const again = vi.spyOn(proposal, "again");
    const id = idOf(confirmations.offer(proposal));
    await expect(confirmations.confirm("place_order", id)).rejects.toThrow(UnknownOutcomeError);
    expect(confirmations.open()).toEqual([proposal.poNumber]);
    for (let index = 0; index < 1_100; index++) confirmations.offer(proposalOf(carryOut));
    const now = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 5_000);
    expect(await confirmations.confirm("place_order", id)).toEqual({ data: { id: "1" } });
    now.mockRestore();
    expect(again).toHaveBeenCalledTimes(1);
    expect(confirmations.open()).toEqual([]);
  });

  test("drops the oldest beyond a thousand", () => {
    const confirmations = new Confirmations();
    const [first, second] = [1, 2].map(() => idOf(confirmations.offer(proposalOf(async () => ({ data: {} })))));
    for (let index = 0; index < 999; index++) confirmations.offer(proposalOf(async () => ({ data: {} })));
    expect(() => confirmations.confirm("place_order", String(first))).toThrow("no such confirmation");
    expect(() => confirmations.confirm("place_order", String(second))).not.toThrow();
  });

  test("warns when the same order was sent before in this run, unless it was refused", async () => {
    const confirmations = new Confirmations();
    const sent = proposalOf(async () => ({ data: {} }), { content: "ten seats" });
    const refused = proposalOf(() => Promise.reject(new BadRequestError("No.", details)), { content: "five seats" });
    await confirmations.confirm("place_order", idOf(confirmations.offer(sent)));
    await confirmations.confirm("place_order", idOf(confirmations.offer(refused))).catch(() => {});
    const repeated = confirmations.offer(proposalOf(async () => ({ data: {} }), { content: "ten seats" }));
    expect(repeated.data).toEqual({ confirmedBefore: [sent.poNumber] });
    expect(repeated.advice).toContain("confirmed before");
    expect(confirmations.offer(proposalOf(async () => ({ data: {} }), { content: "five seats" })).advice).toBe(
      "It buys.",
    );
  });
});
