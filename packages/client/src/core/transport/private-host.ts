/** Names that no public name server gives to anybody: of one word, of this machine, a local network, or an example (RFC 6761, RFC 6762). */
const NAME = /^[^.:]+\.?$|\.(?:localhost|local|internal|lan|home\.arpa|test|example|invalid)\.?$/i;

/** Addresses of this machine and of networks behind a router (RFC 6890), as a `URL` writes them. Also those that hold one of IPv4. */
const ADDRESS =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\[(?:::|f[cd]|fe[89ab]|64:ff9b:|2002:)/;

/** Whether an address is on this machine or in its network, as far as its name tells. */
export const isPrivate = (url: string): boolean => {
  const { hostname } = new URL(url);
  return NAME.test(hostname) || ADDRESS.test(hostname);
};

/** Whether everybody on the way through the internet could read what is sent to an address. */
export const isInsecure = (url: string): boolean => /^http:/i.test(url) && !isPrivate(url);
