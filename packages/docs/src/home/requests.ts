/** A request that the home page sends to the mock in the page. */
export interface HomeRequest {
  label: string;
  method: "GET" | "POST";
  path: string;
  body?: object;
  /** What it shows. */
  says: string;
  /** Milliseconds that the mock's clock can be moved afterwards, to see what becomes of it. */
  later?: number;
}

const parameters = [
  { name: "tenant_preference", value: "new" },
  { name: "microsoft_domain", value: "brightwater.onmicrosoft.com" },
];

const sale = { type: "sales", customerId: "1002101", products: [{ id: "500201", quantity: 25, parameters }] };

/** What the home page offers to send: a read, a price, a sale that completes, and an error. */
export const homeRequests: HomeRequest[] = [
  { label: "List customers", method: "GET", path: "/customers?limit=2", says: "Lists come in pages, newest first." },
  {
    label: "Price 25 seats",
    method: "POST",
    path: "/orders/estimate",
    body: sale,
    says: "An estimate takes the body of an order and changes nothing.",
  },
  {
    label: "Place an order",
    method: "POST",
    path: "/orders",
    body: { ...sale, poNumber: "T-1001" },
    says: "An order is fulfilled in the background. Move the clock to see it complete.",
    later: 10_000,
  },
  {
    label: "Meet an error",
    method: "GET",
    path: "/customers/999",
    says: "Errors say what happened, and carry an id for support.",
  },
];
