const $ = (id) => document.getElementById(id);

/** Shows a message: what was done, or why it failed. */
function tell(sentence) {
  $("status").textContent = sentence;
}

async function call(method, path, body) {
  const response = await fetch(`/__mock${path}`, {
    method,
    headers: body && { "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.message);
  return result;
}

function element(name, text, className) {
  const made = document.createElement(name);
  // An address breaks before a slash rather than within a word.
  const parts = String(text).split(/(?<=[^/])(?=\/[^/])/);
  made.append(...parts.flatMap((part, at) => (at ? [document.createElement("wbr"), part] : [part])));
  if (className) made.className = className;
  return made;
}

function fill(list, pairs) {
  list.replaceChildren(
    ...Object.entries(pairs).flatMap(([name, value]) => [element("dt", name), element("dd", value)]),
  );
}

function row({ time, status, method, path, query, milliseconds, problems, faults }) {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([n, values]) => [values].flat().map((v) => [n, v])),
  );
  const made = document.createElement("tr");
  made.append(
    element("td", time.slice(11, 19)),
    element("td", status ?? "broken", status < 400 ? "" : "bad"),
    element("td", `${method} ${path}${search.size ? `?${search}` : ""}`),
    element("td", milliseconds),
    element("td", [...faults.map((fault) => `fault: ${fault}`), ...problems].join("; ")),
  );
  return made;
}

let seen = "";

function show({ url, credentials, size, seed, time, speed, counts, faults }, requests) {
  fill($("credentials"), {
    "base URL": url,
    "user name": credentials.username,
    password: credentials.password,
    "subscription key": credentials.subscriptionKey,
    marketplace: credentials.marketplace,
  });
  fill($("counts"), { size: `${size}, seed ${seed}`, ...counts });
  $("time").textContent = time.replace("T", " ").slice(0, 19);
  $("time").dateTime = time;
  $("speed").textContent = speed === 0 ? "(stands still)" : speed === 1 ? "" : `(${speed} times as fast)`;
  $("standing").replaceChildren(
    ...faults.map(({ kind, operation, count }) =>
      element("li", `${kind} on ${operation ?? "all"}${count ? `, ${count} more` : ""}`),
    ),
  );
  const last = requests.slice(-50).reverse();
  $("log").hidden = last.length === 0;
  $("none").hidden = last.length > 0;
  const now = JSON.stringify(last);
  if (now !== seen) $("rows").replaceChildren(...last.map(row));
  seen = now;
}

async function refresh() {
  const [state, { requests }] = await Promise.all([call("GET", "/state"), call("GET", "/requests")]);
  show(state, requests);
}

/** Does an action, and shows its result. */
async function act(sentence, work) {
  try {
    await work();
    await refresh();
    tell(sentence);
  } catch (error) {
    tell(error.message);
  }
}

$("reset").addEventListener("click", () => act("Everything is as it was at the start.", () => call("POST", "/reset")));
$("clear").addEventListener("click", () => act("No faults any more.", () => call("DELETE", "/faults")));
for (const button of document.querySelectorAll("[data-advance]")) {
  const advance = Number(button.dataset.advance);
  button.addEventListener("click", () => act(`${button.textContent}.`, () => call("POST", "/clock", { advance })));
}
$("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, operation, count } = Object.fromEntries(new FormData(event.target));
  const fault = { kind, ...(operation && { operation }), ...(count && { count: Number(count) }) };
  act(`Added ${kind}.`, () => call("POST", "/faults", fault));
});

async function start() {
  const { faultKinds, operations } = await call("GET", "/about");
  const { kind, operation } = $("fault").elements;
  kind.append(
    ...Object.entries(faultKinds).map(([name, what]) => new Option(`${name}: ${what.replaceAll("`", "")}`, name)),
  );
  operation.append(...operations.map((id) => new Option(id, id)));
  await refresh();
  tell("Ready.");
  setInterval(() => refresh().catch(() => tell("The mock does not respond any more.")), 2000);
}

start().catch((error) => tell(error.message));
