/** The settings that every sample reads from the environment, so that it runs as it stands. */
export const settings = {
  baseUrl: "IMCLOUD_BASE_URL",
  marketplace: "IMCLOUD_MARKETPLACE",
  username: "IMCLOUD_USERNAME",
  password: "IMCLOUD_PASSWORD",
  subscriptionKey: "IMCLOUD_SUBSCRIPTION_KEY",
  /** What `POST /token` gave; the client needs none, as it signs in by itself. */
  token: "IMCLOUD_TOKEN",
};
