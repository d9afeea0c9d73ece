import type {
  ChangeSeatsOptions,
  DueQuery,
  DueSubscription,
  Report,
  ReportCreate,
  RequestOptions,
  SeatChange,
  WaitOptions,
} from "@imcloud/client";
import * as generated from "./generated/operations.ts";
import { type MutationOperation, mutationOperation } from "./mutation-operation.ts";
import { type QueryOperation, queryOperation } from "./query-operation.ts";

/** A change of seats. A total can be sent again, and stays what it is; a difference would add twice. */
export interface ChangeSeatsVariables extends Pick<ChangeSeatsOptions, "product" | "poNumber"> {
  /** The subscription. */
  id: string;
  /** Seats in all. */
  to: number;
}

/** What subscriptions can do beyond the operations of the API. */
export interface SubscriptionHelperOperations {
  /** Places the change once, and waits for its order unless `wait` is `false`. */
  changeSeats: MutationOperation<ChangeSeatsVariables, SeatChange, Omit<ChangeSeatsOptions, "product" | "poNumber">>;
  /** The active subscriptions that renew or end within some time, the soonest first. */
  due: QueryOperation<[query: DueQuery], DueSubscription[]>;
}

/** What reports can do beyond the operations of the API. */
export interface ReportHelperOperations {
  /** Schedules a report and waits until it is completed. */
  run: MutationOperation<ReportCreate, Report, WaitOptions<Report>>;
}

const due: SubscriptionHelperOperations["due"] = queryOperation(
  "subscriptions",
  "due",
  { path: 0, hasBody: true },
  (client) => async (query: DueQuery, options: RequestOptions) => {
    const all: DueSubscription[] = [];
    for await (const each of client.subscriptions.due(query, options)) all.push(each);
    return all;
  },
);

const changeSeats: SubscriptionHelperOperations["changeSeats"] = mutationOperation(
  "subscriptions",
  "changeSeats",
  generated.orders.create.invalidates,
  (client, variables, options) => {
    const { id, to, ...more } = Object(variables) as ChangeSeatsVariables;
    return client.subscriptions.changeSeats(id, { to }, { ...options, ...more });
  },
);

const run: ReportHelperOperations["run"] = mutationOperation(
  "reports",
  "run",
  generated.reports.create.invalidates,
  (client, body, options) => client.reports.run(body, options),
);

/** The operations of `subscriptions`. */
export const subscriptions: generated.SubscriptionsOperations & SubscriptionHelperOperations = {
  ...generated.subscriptions,
  changeSeats,
  due,
};

/** The operations of `reports`. */
export const reports: generated.ReportsOperations & ReportHelperOperations = { ...generated.reports, run };
