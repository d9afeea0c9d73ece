import { createClient } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { Customers } from "./customers";

// In production, call your own server, which holds the secrets: createClient({ proxy: "/api/marketplace" }), see createProxy.
const imcloud = createClient(createSandbox().connection);

createRoot(document.getElementById("app") as HTMLElement).render(
  <QueryClientProvider client={new QueryClient()}>
    <Customers imcloud={imcloud} />
  </QueryClientProvider>,
);
