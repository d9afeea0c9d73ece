import { expect, test } from "vitest";
import { reasonOf } from "./redis-errors.ts";

const script = "script: 09f6a8f4679ddeab65197cceb5871b2c856dee05, on @user_script:5.";

test.each([
  [`OOM command not allowed when used memory > 'maxmemory'. ${script}`, /^It has no memory left \(maxmemory\)/],
  [
    "ERR Error running script (call to f_09f6a8f4679ddeab65197cceb5871b2c856dee05): @user_script:5: @user_script: 5: -OOM command not allowed when used memory > 'maxmemory'.",
    /^It has no memory left \(maxmemory\)/,
  ],
  ["NOSCRIPT No matching script. Please use EVAL.", /^It does not know the script/],
  ["LOADING Redis is loading the dataset in memory", /^It was started, and still loads its data/],
  ["CLUSTERDOWN The cluster is down", /^Its cluster is down/],
  ["CLUSTERDOWN Hash slot not served", /^Its cluster is down/],
  ["READONLY You can't write against a read only replica.", /^It is a replica, which nobody can write to: connect to/],
  [
    "MOVED 3999 127.0.0.1:6381",
    /^It is one node of a cluster, and another has the key: give the store a client of the cl/,
  ],
  ["ASK 3999 127.0.0.1:6381", /^Its cluster moves the key to another node: give the store a client of the cluster\.$/],
  ["TRYAGAIN Multiple keys request during rehashing of slot", /^Its cluster moves the key to another node: try again/],
  ["UNBLOCKED force unblock from blocking operation, instance state changed", /^It became a replica meanwhile/],
  ["Failed to refresh slots cache.", /^No node of its cluster responds/],
  ["All the root nodes are unavailable", /^No node of its cluster responds/],
  [
    "NOPERM this user has no permissions to run the 'eval' command",
    /HDEL on keys that begin with its prefix, imcloud_\.$/,
  ],
  [`ERR something else ${script}`, /^ERR something else$/],
])("says what happened and what to do of %j", (message, reason) => {
  expect(reasonOf(new Error(message), "imcloud_")).toMatch(reason);
});

test("says why none of several addresses could be reached", () => {
  const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);
  const error = new AggregateError([refused("::1:6379"), refused("127.0.0.1:6379")]);
  expect(reasonOf(error, "imcloud_")).toBe("connect ECONNREFUSED ::1:6379; connect ECONNREFUSED 127.0.0.1:6379");
});

test("says what to do of an error that says nothing", () => {
  expect(reasonOf(new Error(), "imcloud_")).toBe("It cannot be reached: check that it runs, and the way to it.");
});
