import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, Suspense, use } from "react";
import { createRoot } from "react-dom/client";
import { apiUrl, connect } from "./connection.ts";
import { Desk } from "./desk.tsx";
import { DeskContext } from "./shared/desk-context.ts";
import { ErrorBoundary } from "./shared/error-boundary.tsx";
import { Loading } from "./shared/parts.tsx";
import "./styles.css";
import { onWait } from "./waits.ts";

// What is on the screen is fetched again when it is looked at after half a minute: each call counts against the rate limit.
const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, refetchOnWindowFocus: false } },
});
// The sandbox is made after the first picture, as it takes a moment.
const connection = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))).then(() =>
  connect(onWait),
);

function Connected() {
  return (
    <DeskContext value={use(connection)}>
      <Desk />
    </DeskContext>
  );
}

const root = document.getElementById("desk");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <ErrorBoundary>
          <Suspense
            fallback={
              <div className="welcome">
                <Loading what={apiUrl() ? "Connecting" : "Filling the sandbox with 500 customers"} />
              </div>
            }
          >
            <Connected />
          </Suspense>
        </ErrorBoundary>
      </QueryClientProvider>
    </StrictMode>,
  );
}
