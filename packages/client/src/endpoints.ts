/** Base URLs of the vendor's own installations. Other distributors run the same API on hosts of their own. */
export const endpoints = {
  eu: "https://api.cloud.im/marketplace/eu",
  na: "https://api.cloud.im/marketplace/na",
} as const;
