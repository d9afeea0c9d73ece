/** What a subscription is waiting for: an order that is carried out at a time. */
interface Open {
  orderId: string;
  kind: "sale" | "change" | "cancellation";
  at: number;
  total: number;
  /** It waits for a renewal. */
  isScheduled: boolean;
}

interface ModelSubscription {
  id: string;
  quantity: number;
  status: "pending" | "active" | "terminated" | "removed";
  /** When it was ordered, or renewed. */
  committedAt: number;
  /** Seats that changes added or took away, with their times. */
  additions: { at: number; units: number }[];
  endedAt?: number;
  renews: boolean;
  renewalAt: number;
  /** The platform has placed the order for its renewal. */
  hasRenewalOrder: boolean;
  /** The times before the renewal are past. */
  isNoticed: boolean;
  open?: Open | undefined;
}

const DAY = 86_400_000;
/** Milliseconds for which seats can be given back, and for which what has ended is kept. */
const WINDOW = 7 * DAY;
const KEPT_AFTER_END = 30 * DAY;
/** Milliseconds from an order to its payment, and to what it is for. */
const PAYMENT = 1_000;
const PROVISIONING = 8_000;
/** Milliseconds before a renewal at which its order is placed. */
const NOTICE = 3 * DAY;

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

  order(subscription: ModelSubscription, orderId: string, kind: Open["kind"], total = 0, isScheduled = false): void {
    this.orders.set(orderId, "open");
    const { hasRenewalOrder, renewalAt } = subscription;
    const renewal = hasRenewalOrder ? yearAfter(renewalAt) : renewalAt;
    subscription.open = { orderId, kind, total, isScheduled, at: isScheduled ? renewal : this.now + PROVISIONING };
  }

  callOff(subscription: ModelSubscription): void {
    this.orders.set(String(subscription.open?.orderId), "cancelled");
    subscription.open = undefined;
  }

  letGo(subscription: ModelSubscription, renews: boolean): void {
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

  /** Whether so many seats can still be given back: those of the order and the renewal, or what was added. */
  canGiveBack({ committedAt, additions }: ModelSubscription, units: number): boolean {
    if (this.now - committedAt <= WINDOW) return true;
    const recent = additions.filter(({ at }) => this.now - at <= WINDOW);
    return units <= recent.reduce((sum, added) => sum + added.units, 0);
  }

  /** Whether the whole can still be given back. */
  canCancel({ committedAt, additions }: ModelSubscription): boolean {
    const added = additions.filter(({ units }) => units > 0).map(({ at }) => at);
    return this.now - Math.max(committedAt, ...added) <= WINDOW;
  }

  #turn(subscription: ModelSubscription): void {
    if (!subscription.renews) {
      if (subscription.open) this.callOff(subscription);
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

  #eventsOf(subscription: ModelSubscription): { at: number; happen: () => void }[] {
    const { status, renewalAt, isNoticed, open, endedAt } = subscription;
    const isOver = status === "terminated" || status === "removed";
    if (status === "terminated") {
      const remove = () => {
        subscription.status = "removed";
      };
      return [{ at: Number(endedAt) + KEPT_AFTER_END, happen: remove }];
    }
    if (isOver) return [];
    return [
      ...(open && !open.isScheduled ? [{ at: open.at, happen: () => this.#carryOut(subscription) }] : []),
      ...(status === "active"
        ? [
            ...(isNoticed ? [] : [{ at: renewalAt - NOTICE, happen: () => this.#notice(subscription) }]),
            { at: renewalAt, happen: () => this.#turn(subscription) },
          ]
        : []),
    ];
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const events = [
        ...this.sales.map((sale) => ({ at: sale.at, happen: () => this.#pay(sale) })),
        ...this.subscriptions.flatMap((subscription) => this.#eventsOf(subscription)),
      ].sort((one, other) => one.at - other.at);
      const [next] = events;
      if (!next || next.at > end) break;
      this.now = Math.max(this.now, next.at);
      next.happen();
    }
    this.now = end;
  }
}
