/** What a subscription is waiting for: an order that is carried out at a time. */
interface Open {
  orderId: string;
  kind: "change" | "cancellation";
  at: number;
  total: number;
}

interface ModelSubscription {
  id: string;
  quantity: number;
  status: "active" | "terminated" | "removed";
  /** When it was ordered, renewed, or got more seats. */
  committedAt: number;
  endedAt?: number;
  renews: boolean;
  renewalAt: number;
  open?: Open | undefined;
}

/** Milliseconds for which seats can be given back, and for which what has ended is kept. */
const WINDOW = 7 * 86_400_000;
const KEPT_AFTER_END = 30 * 86_400_000;
/** Milliseconds from an order to what it is for. */
const PROVISIONING = 8_000;

function yearAfter(time: number): number {
  const date = new Date(time);
  const isLeapDay = date.getUTCMonth() === 1 && date.getUTCDate() === 29;
  return Date.UTC(date.getUTCFullYear() + 1, date.getUTCMonth(), isLeapDay ? 28 : date.getUTCDate());
}

/** The least that the sandbox must agree with: one customer's yearly subscriptions of one product, in plain words. */
export class Model {
  now = Date.parse("2026-10-05T12:00:00Z");
  subscriptions: ModelSubscription[] = [
    {
      id: "700401",
      quantity: 30,
      status: "active",
      renews: true,
      renewalAt: Date.parse("2027-09-14"),
      committedAt: Date.parse("2026-10-02T13:40:11.223Z"),
      open: undefined,
    },
  ];
  sales: { orderId: string; at: number; quantity: number }[] = [];
  /** Status by order. */
  orders = new Map<string, string>([
    ["900301", "completed"],
    ["900302", "completed"],
  ]);
  renewals = 0;
  lastSubscription = 700_402;

  sell(orderId: string, quantity: number): void {
    this.orders.set(orderId, "open");
    this.sales.push({ orderId, at: this.now + PROVISIONING, quantity });
  }

  order(subscription: ModelSubscription, orderId: string, kind: Open["kind"], total = 0, isForRenewal = false): void {
    this.orders.set(orderId, "open");
    subscription.open = { orderId, kind, total, at: isForRenewal ? subscription.renewalAt : this.now + PROVISIONING };
  }

  callOff(subscription: ModelSubscription): void {
    this.orders.set(String(subscription.open?.orderId), "cancelled");
    subscription.open = undefined;
  }

  #carryOut(subscription: ModelSubscription): void {
    const { open } = subscription;
    if (!open) return;
    this.orders.set(open.orderId, "completed");
    if (open.kind === "change") {
      if (open.total > subscription.quantity) subscription.committedAt = this.now;
      subscription.quantity = open.total;
    } else this.#end(subscription);
    subscription.open = undefined;
  }

  #end(subscription: ModelSubscription): void {
    subscription.status = "terminated";
    subscription.endedAt = this.now;
  }

  /** Whether seats can still be given back. */
  isInWindow(subscription: ModelSubscription): boolean {
    return this.now - subscription.committedAt <= WINDOW;
  }

  #turn(subscription: ModelSubscription): void {
    if (!subscription.renews) {
      if (subscription.open) this.callOff(subscription);
      this.#end(subscription);
      return;
    }
    this.#carryOut(subscription);
    if (subscription.status !== "active") return;
    subscription.committedAt = this.now;
    subscription.renewalAt = yearAfter(subscription.renewalAt);
    this.renewals += 1;
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const events = [
        ...this.sales.map((sale) => ({
          at: sale.at,
          happen: () => {
            this.sales = this.sales.filter((other) => other !== sale);
            this.orders.set(sale.orderId, "completed");
            this.lastSubscription += 1;
            this.subscriptions.push({
              id: String(this.lastSubscription),
              quantity: sale.quantity,
              status: "active",
              renews: true,
              committedAt: this.now,
              renewalAt: yearAfter(this.now),
            });
          },
        })),
        ...this.subscriptions
          .filter(({ status }) => status === "active")
          .flatMap((subscription) => [
            { at: subscription.renewalAt, happen: () => this.#turn(subscription) },
            ...(subscription.open ? [{ at: subscription.open.at, happen: () => this.#carryOut(subscription) }] : []),
          ]),
        ...this.subscriptions
          .filter(({ status }) => status === "terminated")
          .map((subscription) => ({
            at: Number(subscription.endedAt) + KEPT_AFTER_END,
            happen: () => {
              subscription.status = "removed";
            },
          })),
      ].sort((one, other) => one.at - other.at);
      const [next] = events;
      if (!next || next.at > end) break;
      this.now = Math.max(this.now, next.at);
      next.happen();
    }
    this.now = end;
  }
}
