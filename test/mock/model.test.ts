import type { ImcloudClient } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../support/property-runs.ts";
import { Model } from "./model.ts";
import { DAY, localSandbox, sale } from "./sandbox.ts";

interface Real {
  mock: Sandbox;
  imcloud: ImcloudClient;
}

type Command = fc.AsyncCommand<Model, Real>;

const customerId = "1002101";

/** One of the subscriptions, whatever the number. */
const subscriptionAt = ({ subscriptions }: Model, place: number) =>
  subscriptions[place % subscriptions.length] as Model["subscriptions"][number];

/** Sells seats. */
class Sell implements Command {
  readonly quantity: number;
  constructor(quantity: number) {
    this.quantity = quantity;
  }
  check = () => true;
  async run(model: Model, { imcloud }: Real): Promise<void> {
    const { id } = await imcloud.orders.create(sale(this.quantity, { creditCheck: false }));
    model.sell(id, this.quantity);
  }
  toString = () => `sell ${this.quantity}`;
}

/** Orders a change or a cancellation of a subscription, and checks that it is refused when it must be. */
class Order implements Command {
  readonly kind: "change" | "cancellation";
  readonly place: number;
  readonly total: number;
  readonly isForRenewal: boolean;
  constructor(kind: "change" | "cancellation", place: number, total: number, isForRenewal: boolean) {
    this.kind = kind;
    this.place = place;
    this.total = total;
    this.isForRenewal = isForRenewal;
  }
  check = () => true;
  async run(model: Model, { imcloud }: Real): Promise<void> {
    const subscription = subscriptionAt(model, this.place);
    const { id: subscriptionId, quantity, status, open } = subscription;
    const isChange = this.kind === "change";
    const order = imcloud.orders.create({
      ...{ type: this.kind, customerId, subscriptionId, creditCheck: false },
      ...(isChange && { products: [{ id: "500201", quantity: this.total }] }),
      ...(isChange && this.isForRenewal && { scheduledOn: "renewal" }),
    });
    const isRefused = (what: RegExp) =>
      expect(order).rejects.toMatchObject({ status: 400, message: expect.stringMatching(what) });
    if (status === "terminated" || status === "removed") return isRefused(/order a new one/);
    if (open)
      return expect(order).rejects.toMatchObject({ status: 500, message: expect.stringContaining(open.orderId) });
    if (isChange && this.isForRenewal && !subscription.renews) return isRefused(/does not renew by itself/);
    const givesBack = isChange && this.total < quantity && !this.isForRenewal;
    if (givesBack && !model.canReturn(subscription, quantity - this.total)) return isRefused(/within 7 days/);
    if (!isChange && !model.canCancel(subscription)) return isRefused(/within 7 days/);
    if (isChange && this.total === quantity) return isRefused(/already/);
    const placed = await order;
    const read = placed.products?.[0]?.quantity;
    if (isChange) expect(read).toBe(this.isForRenewal ? this.total : this.total - quantity);
    model.order(subscription, placed.id, this.kind, this.total, isChange && this.isForRenewal);
  }
  toString = () => `${this.kind} of ${this.place} to ${this.total}${this.isForRenewal ? " at the renewal" : ""}`;
}

/** Cancels the order that waits for the renewal of a subscription. */
class CancelScheduledOrder implements Command {
  readonly place: number;
  constructor(place: number) {
    this.place = place;
  }
  check = () => true;
  async run(model: Model, { imcloud }: Real): Promise<void> {
    const subscription = subscriptionAt(model, this.place);
    if (!subscription.open?.isScheduled) return;
    await imcloud.orders.update(subscription.open.orderId, { statusCode: "CL" });
    model.cancelScheduledOrder(subscription);
  }
  toString = () => `call off ${this.place}`;
}

class SetAutoRenewal implements Command {
  readonly place: number;
  readonly renews: boolean;
  constructor(place: number, renews: boolean) {
    this.place = place;
    this.renews = renews;
  }
  check = () => true;
  async run(model: Model, { imcloud }: Real): Promise<void> {
    const subscription = subscriptionAt(model, this.place);
    if (subscription.status !== "active") return;
    await imcloud.subscriptions.update(subscription.id, { renewalStatus: this.renews });
    model.setAutoRenewal(subscription, this.renews);
  }
  toString = () => `${this.renews ? "keep" : "let go"} ${this.place}`;
}

class AdvanceClock implements Command {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
  check = () => true;
  async run(model: Model, { mock }: Real): Promise<void> {
    await mock.advance(this.milliseconds);
    model.advance(this.milliseconds);
  }
  toString = () => `advance ${this.milliseconds} ms`;
}

/** Reads everything, and compares it with the model. */
class Read implements Command {
  check = () => true;
  async run(model: Model, { imcloud }: Real): Promise<void> {
    const subscriptions = await Array.fromAsync(imcloud.subscriptions.details({ customerId }));
    const seen = subscriptions.map(({ id, status, products, renewalDate, renewalStatus }) => ({
      ...{ id, status, quantity: products?.[0]?.quantity },
      // An ended subscription does not renew, so these fields mean nothing.
      ...(status === "active" && { renewalDate, renewalStatus }),
    }));
    const expected = model.subscriptions.map(({ id, status, quantity, renewalAt, renews }) => ({
      ...{ id, status, quantity },
      ...(status === "active" && {
        renewalDate: new Date(renewalAt).toISOString().slice(0, 10),
        renewalStatus: renews,
      }),
    }));
    const byId = (one: { id: string }, other: { id: string }) => Number(one.id) - Number(other.id);
    expect(seen.sort(byId)).toEqual(expected.sort(byId));
    const orders = await Array.fromAsync(imcloud.orders.list({ customerId }));
    const placed = orders.filter(({ type }) => type !== "renewal");
    const states = placed.map(({ id, status }) => {
      const isOver = status === "completed" || status === "cancelled";
      return [id, isOver ? status : "open"] as const;
    });
    expect(new Map(states)).toEqual(new Map(model.orders));
    expect(orders.length - placed.length).toBe(model.renewals);
  }
  toString = () => "read";
}

const place = fc.nat(3);
const commands = fc.commands(
  [
    fc.integer({ min: 1, max: 300 }).map((quantity) => new Sell(quantity)),
    fc
      .tuple(place, fc.integer({ min: 1, max: 300 }), fc.boolean())
      .map(([at, total, isForRenewal]) => new Order("change", at, total, isForRenewal)),
    place.map((at) => new Order("cancellation", at, 0, false)),
    place.map((at) => new CancelScheduledOrder(at)),
    fc.tuple(place, fc.boolean()).map(([at, renews]) => new SetAutoRenewal(at, renews)),
    fc
      .oneof(
        fc.constantFrom(999, 1_000, 7_999, 8_000, 362 * DAY, 365 * DAY),
        fc.integer({ min: 0, max: 9_000 }),
        fc.integer({ min: 100 * DAY, max: 400 * DAY }),
      )
      .map((milliseconds) => new AdvanceClock(milliseconds)),
    fc.constant(new Read()),
  ],
  { maxCommands: 40, size: "max" },
);

test("the sandbox agrees with a small model after any sequence of commands", async () => {
  const real = localSandbox();
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      await real.mock.reset();
      await fc.asyncModelRun(() => ({ model: new Model(), real }), [...sequence, new Read()]);
    }),
    propertyRuns(40),
  );
});
