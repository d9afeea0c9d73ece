import { useSyncExternalStore } from "react";

/** The parts of the address behind the hash: `#/customers/1002101/order` is `["customers", "1002101", "order"]`. */
export type Route = readonly string[];

const read = () => location.hash.replace(/^#\/?/, "") || "customers";

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, read).split("/").map(decodeURIComponent);

/** A link's address. */
export const href = (...route: string[]): string => `#/${route.map(encodeURIComponent).join("/")}`;

export function go(...route: string[]): void {
  location.hash = href(...route);
}
