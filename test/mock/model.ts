/** An open order of a subscription, which is carried out at a time. */
interface OpenOrder {
  orderId: string;
  kind: "sale" | "change" | "cancellation";
  at: number;
  total: number;
  /** Whether it waits for the renewal. */
  isScheduled: boolean;
}

interface ModelSubscription {
  id: string;
  quantity: number;
  status: "pending" | "active" | "terminated" | "removed";
  /** When it was ordered or last renewed. */
  committedAt: number;
  /** Changes of the number of seats, with their times. */
  additions: { at: number; units: number }[];
  endedAt?: number;
  renews: boolean;
  renewalAt: number;
  /** Whether the platform has placed the renewal order. */
  hasRenewalOrder: boolean;
  /** Whether the notices before the renewal are past. */
  isNoticed: boolean;
  open?: OpenOrder | undefined;
}

const DAY = 86_400_000;
/** Milliseconds in which seats can be returned, and until an ended subscription is removed. */
const WINDOW = 7 * DAY;
const KEPT_AFTER_END = 30 * DAY;
/** Milliseconds from an order to its payment, and to its completion. */
const PAYMENT = 1_000;
const PROVISIONING = 8_000;
/** Milliseconds before a renewal at which its order is placed. */
const NOTICE = 3 * DAY;

function yearAfter(time: number): number {
  const date = new Date(time);
  const isLeapDay = date.getUTCMonth() === 1 && date.getUTCDate() === 29;
  return Date.UTC(date.getUTCFullYear() + 1, date.getUTCMonth(), isLeapDay ? 28 : date.getUTCDate());
}

/** A simple model of the sandbox: one customer's yearly subscriptions of one product. */
export class Model {
  now = Date.parse("2026-10-05T12:00:00Z");
  subscriptions: ModelSubscription[] = [
    {
      id: "700401",
      quantity: 30,
      status: "active",
      renews: true,
      renewalAt: Date.parse("2027-09-14"),
      committedAt: Date.parse("2026-09-14"),
      additions: [{ at: Date.parse("2026-10-02T13:40:11.223Z"), units: 5 }],
      ...{ hasRenewalOrder: false, isNoticed: false, open: undefined },
    },
  ];
  /** Sales that are not paid yet. */
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
    this.sales.push({ orderId, at: this.now + PAYMENT, quantity });
  }

  order(
    subscription: ModelSubscription,
    orderId: string,
    kind: OpenOrder["kind"],
    total = 0,
    isScheduled = false,
  ): void {
    this.orders.set(orderId, "open");
    const { hasRenewalOrder, renewalAt } = subscription;
    const renewal = hasRenewalOrder ? yearAfter(renewalAt) : renewalAt;
    subscription.open = { orderId, kind, total, isScheduled, at: isScheduled ? renewal : this.now + PROVISIONING };
  }

  cancelScheduledOrder(subscription: ModelSubscription): void {
    this.orders.set(String(subscription.open?.orderId), "cancelled");
    subscription.open = undefined;
  }

  setAutoRenewal(subscription: ModelSubscription, renews: boolean): void {
    subscription.renews = renews;
    if (!renews) subscription.hasRenewalOrder = false;
  }

  #carryOut(subscription: ModelSubscription): void {
    const { open } = subscription;
    if (!open) return;
    this.orders.set(open.orderId, "completed");
    subscription.open = undefined;
    if (open.kind === "cancellation") this.#end(subscription);
    else if (open.kind === "change") {
      subscription.additions.push({ at: this.now, units: open.total - subscription.quantity });
      subscription.quantity = open.total;
    } else {
      subscription.status = "active";
      subscription.committedAt = this.now;
      subscription.renewalAt = yearAfter(this.now);
    }
  }

  #end(subscription: ModelSubscription): void {
    subscription.status = "terminated";
    subscription.endedAt = this.now;
  }

  /** Whether a number of seats can still be returned: those of the order or renewal, or those added later. */
  canReturn({ committedAt, additions }: ModelSubscription, units: number): boolean {
    if (this.now - committedAt <= WINDOW) return true;
    const recent = additions.filter(({ at }) => this.now - at <= WINDOW);
    return units <= recent.reduce((sum, added) => sum + added.units, 0);
  }

  /** Whether the whole subscription can still be canceled. */
  canCancel({ committedAt, additions }: ModelSubscription): boolean {
    const added = additions.filter(({ units }) => units > 0).map(({ at }) => at);
    return this.now - Math.max(committedAt, ...added) <= WINDOW;
  }

  #renew(subscription: ModelSubscription): void {
    if (!subscription.renews) {
      if (subscription.open) this.cancelScheduledOrder(subscription);
      this.#end(subscription);
      return;
    }
    if (subscription.open && !subscription.open.isScheduled) this.#carryOut(subscription);
    if (subscription.status !== "active") return;
    if (!subscription.hasRenewalOrder) this.renewals += 1;
    subscription.committedAt = this.now;
    subscription.additions = [];
    subscription.renewalAt = yearAfter(subscription.renewalAt);
    subscription.hasRenewalOrder = false;
    subscription.isNoticed = false;
    if (subscription.open && subscription.open.at <= this.now) this.#carryOut(subscription);
  }

  #notice(subscription: ModelSubscription): void {
    subscription.isNoticed = true;
    if (!subscription.renews) return;
    subscription.hasRenewalOrder = true;
    this.renewals += 1;
  }

  #pay(sale: Model["sales"][number]): void {
    this.sales = this.sales.filter((other) => other !== sale);
    this.lastSubscription += 1;
    this.subscriptions.push({
      id: String(this.lastSubscription),
      quantity: sale.quantity,
      status: "pending",
      renews: true,
      ...{ committedAt: this.now, additions: [], renewalAt: yearAfter(this.now) },
      ...{ hasRenewalOrder: false, isNoticed: false },
      open: {
        ...{ orderId: sale.orderId, kind: "sale", total: sale.quantity, isScheduled: false },
        at: sale.at - PAYMENT + PROVISIONING,
      },
    });
  }

  #eventsOf(subscription: ModelSubscription): { at: number; apply: () => void }[] {
    const { status, renewalAt, isNoticed, open, endedAt } = subscription;
    const isOver = status === "terminated" || status === "removed";
    if (status === "terminated") {
      const remove = () => {
        subscription.status = "removed";
      };
      return [{ at: Number(endedAt) + KEPT_AFTER_END, apply: remove }];
    }
    if (isOver) return [];
    return [
      ...(open && !open.isScheduled ? [{ at: open.at, apply: () => this.#carryOut(subscription) }] : []),
      ...(status === "active"
        ? [
            ...(isNoticed ? [] : [{ at: renewalAt - NOTICE, apply: () => this.#notice(subscription) }]),
            { at: renewalAt, apply: () => this.#renew(subscription) },
          ]
        : []),
    ];
  }

  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const events = [
        ...this.sales.map((sale) => ({ at: sale.at, apply: () => this.#pay(sale) })),
        ...this.subscriptions.flatMap((subscription) => this.#eventsOf(subscription)),
      ].sort((one, other) => one.at - other.at);
      const [next] = events;
      if (!next || next.at > end) break;
      this.now = Math.max(this.now, next.at);
      next.apply();
    }
    this.now = end;
  }
}
