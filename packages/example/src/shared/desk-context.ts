import type { ImcloudClient } from "@imcloud/client";
import { createContext, useContext } from "react";
import type { Connection } from "../connection.ts";

export const DeskContext = createContext<Connection | undefined>(undefined);

/** What the desk is connected to. */
export function useDesk(): Connection {
  const connection = useContext(DeskContext);
  if (!connection) throw new Error("useDesk needs a DeskContext around it.");
  return connection;
}

export const useClient = (): ImcloudClient => useDesk().imcloud;
