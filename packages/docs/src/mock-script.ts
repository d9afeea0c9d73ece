import credentials from "@imcloud/mock/credentials.json" with { type: "json" };

/** The mock as `npm start` and `imcloud-mock` serve it by default. */
export const DEFAULT_MOCK_URL = "http://127.0.0.1:4010/marketplace";

/** A script that gives the console's page something by name: a page opened from a folder cannot fetch. */
export const globalsScript = (values: object): string =>
  `window.imcloud = { ...window.imcloud, ...${JSON.stringify(values)} };\n`;

/**
 * What tells the console where the mock is and how to sign in to it.
 * @param isServed whether it runs beside the server of the page, which then hands control calls on to it
 */
export const mockScript = (url: string, isServed: boolean): string =>
  globalsScript({ mock: { url, credentials, isServed } });
