// What console/mock.js says of the mock, and console/document.js of the API.
const { mock, apiDocument } = window.imcloud;
const { username, password, subscriptionKey, marketplace } = mock.credentials;

const state = document.getElementById("state");

let token = "";
let endsAt = 0;

/** A token that holds for a minute at least. */
async function currentToken() {
  if (Date.now() < endsAt - 60_000) return token;
  const response = await fetch(`${mock.url}/token`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(`${username}:${password}`)}`,
      "X-Subscription-Key": subscriptionKey,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ marketplace }),
  });
  if (!response.ok) throw new Error(`The mock at ${mock.url} refused to sign in: ${response.status}.`);
  const body = await response.json();
  token = body.token;
  endsAt = Date.now() + body.expiresInSeconds * 1000;
  return token;
}

async function signIn() {
  try {
    await currentToken();
    state.textContent = `Signed in to the mock at ${mock.url}. Choose an operation, then Test Request and Send.`;
    state.className = "good";
  } catch (error) {
    const reason = error instanceof TypeError ? `No mock responds at ${mock.url}.` : error.message;
    state.textContent = `${reason} Start it with npm start in the repository, then load this page again.`;
    state.className = "bad";
  }
}

/** Draws the console, signed in. */
async function start() {
  // Whose page frames it could have its visitor click on Send unseen. A host that can send headers forbids it there too.
  if (window.top !== window.self) {
    state.textContent = "The console does not work inside another page. Open it by itself.";
    state.className = "bad";
    return;
  }
  await signIn();
  window.Scalar.createApiReference("#console", {
    content: apiDocument,
    servers: [{ url: mock.url, description: "The mock server" }],
    authentication: {
      preferredSecurityScheme: [["Bearer", "SubscriptionKey"]],
      securitySchemes: {
        Basic: { username, password },
        Bearer: { token },
        SubscriptionKey: { value: subscriptionKey },
      },
    },
    // The token in the form is the one of the page's start: a later call takes a fresh one.
    onRequestBuilt: async ({ request }) => {
      if (request.headers.get("authorization") === `Bearer ${token}`) {
        request.headers.set("authorization", `Bearer ${await currentToken()}`);
      }
    },
    generateTagSlug: ({ name }) => name,
    generateOperationSlug: ({ operationId }) => operationId,
    darkMode: document.documentElement.dataset.theme === "dark",
    hideDarkModeToggle: true,
    telemetry: false,
    withDefaultFonts: false,
    showDeveloperTools: "never",
    hideClientButton: true,
    proxyUrl: "",
    agent: { disabled: true },
    mcp: { disabled: true },
    defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
    documentDownloadType: "none",
  });
}

start();
