import { useSyncExternalStore } from "react";
import { ControlBar } from "./controls/control-bar.tsx";
import { CustomerList } from "./customers/customer-list.tsx";
import { CustomerView } from "./customers/customer-view.tsx";
import { OrderForm } from "./orders/order-form.tsx";
import { OrderView } from "./orders/order-view.tsx";
import { ReportsView } from "./reports/reports-view.tsx";
import { useDesk } from "./shared/desk-context.ts";
import { href, type Route, useRoute } from "./shared/route.ts";
import { ThemeButton } from "./theme-button.tsx";
import { waitNotice } from "./waits.ts";

function View({ route: [area, id, action] }: { route: Route }) {
  if (area === "reports") return <ReportsView />;
  if (area === "orders" && id) return <OrderView key={id} id={id} />;
  if (id && action === "order") return <OrderForm key={id} customerId={id} />;
  if (id) return <CustomerView key={id} id={id} />;
  return (
    <div className="welcome">
      <h2>Choose a customer</h2>
      <p>
        Their subscriptions, seats and orders are here. Nothing that you do leaves this page unless it is connected to a
        server.
      </p>
    </div>
  );
}

/** Says that a call waits for the rate limit, as long as it does. */
function WaitNotice() {
  const wait = useSyncExternalStore(waitNotice.subscribe, waitNotice.read);
  return (
    <p role="status" className={wait ? "notice" : "hidden"}>
      {wait && `Waiting for the rate limit: ${wait}`}
    </p>
  );
}

export function Desk() {
  const route = useRoute();
  const { place } = useDesk();
  const [area = "customers", id] = route;
  const isCustomers = area !== "reports";
  return (
    <>
      <header className="top">
        <a className="brand" href={href("customers")}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M9 20a4 4 0 0 1 .6-7.9A6.5 6.5 0 0 1 22 13a3.6 3.6 0 0 1 .4 7z" />
          </svg>
          Cloud desk
        </a>
        <nav aria-label="Main">
          <a href={href("customers")} aria-current={isCustomers ? "page" : undefined}>
            Customers
          </a>
          <a href={href("reports")} aria-current={isCustomers ? undefined : "page"}>
            Reports
          </a>
        </nav>
        <span className="place quiet">on {place}</span>
        <ThemeButton />
      </header>
      <main className={`body ${isCustomers ? "has-list" : ""} ${id ? "has-detail" : ""}`}>
        {isCustomers && <CustomerList current={area === "customers" ? id : undefined} isAlone={!id} />}
        <div className="view">
          <View route={route} />
        </div>
      </main>
      <WaitNotice />
      <ControlBar />
    </>
  );
}
