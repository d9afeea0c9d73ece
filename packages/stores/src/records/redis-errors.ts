import { messageOf } from "./records.ts";

/**
 * What happened and what to do, by the first word of an error of Redis, which is its code:
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const REASONS: Record<string, string> = {
  OOM: "It has no memory left (maxmemory), and nothing was written: give it more, or remove what others keep in it.",
  READONLY: "It is a replica, which nobody can write to: connect to the primary.",
  WRONGTYPE: "Something else keeps another kind of value in a key of the store: give the store a prefix of its own.",
  NOSCRIPT:
    "It does not know the script, as it was restarted or emptied: send EVAL through your client, and not EVALSHA.",
  LOADING: "It was started, and still loads its data: try again in a moment.",
  CLUSTERDOWN:
    "Its cluster is down, as some slots have no node: see CLUSTER INFO, and try again when cluster_state is ok.",
  MASTERDOWN: "It is a replica that has lost its primary: connect to the primary.",
  MISCONF: "It cannot save its data to the disk, and takes no writes: make room there, and see its log.",
  NOREPLICAS: "It has fewer replicas than it must have to be written to (min-replicas-to-write): start them again.",
  MOVED: "It is one node of a cluster, and another has the key: give the store a client of the cluster.",
  CROSSSLOT: "It is a cluster, and the client sent two keys at once: give the store a client of the cluster.",
  ASK: "Its cluster moves the key to another node: give the store a client of the cluster.",
  TRYAGAIN: "Its cluster moves the key to another node: try again in a moment.",
  BUSY: "It runs a script of somebody else that does not end: see SCRIPT KILL.",
  UNKILLABLE: "It runs a script of somebody else that has written, and cannot be ended: see SHUTDOWN NOSAVE.",
  UNBLOCKED: "It became a replica meanwhile: connect to the primary.",
  NOAUTH: "It wants a password, and the client gave none.",
  WRONGPASS: "It refused the user or the password of the client.",
  NOPERM:
    "Its user lacks a permission: the store needs PING, EVAL, TIME, HGET, HGETALL, HSET and HDEL on keys that begin with its prefix",
};

const NO_NODE = "No node of its cluster responds: check that they run, and the way to them.";

/** Redis 7 ends an error of a script with where it was raised; earlier ones begin it with that. */
const plain = (message: string): string =>
  message
    .replace(/^ERR Error running script .*?: (?:@user_script: ?\d+: )?-?(?=[A-Z]+ )/s, "")
    .replace(/,? script: [0-9a-f]{40}\b.*$/s, "");

/**
 * Why Redis did not do what it was asked for, and what to do: one sentence.
 * @param prefix what the names of the store's keys begin with
 */
export function reasonOf(error: unknown, prefix: string): string {
  const message = plain(messageOf(error));
  const code = /^[A-Z]+(?= |$)/.exec(message)?.[0] ?? "";
  // What clients of clusters say where no node responds, instead of an error of the server.
  if (/slots cache|root nodes are unavailable/i.test(message)) return NO_NODE;
  const reason = REASONS[code];
  if (!reason) return message;
  return code === "NOPERM" ? `${reason}, ${prefix}.` : reason;
}
