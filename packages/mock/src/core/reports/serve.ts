import { originHeaders } from "../api/cors.ts";
import type { IncomingRequest } from "../messages/request.ts";
import type { ApiResponse } from "../messages/responses.ts";
import type { Store } from "../store/store.ts";
import { extensionOf, formats } from "./formats.ts";
import type { ReportFiles } from "./report-files.ts";
import { fileNameOf, type SignedLinks } from "./signed-links.ts";

/** What serving files needs of a mock. */
export interface FileSource {
  store: Store;
  files: ReportFiles;
  gateway: { corsCredentials: boolean };
}

/**
 * Headers that are for the API only. A client that sends one here leaks a secret to another host. Cookies are allowed: a browser sends those of
 * any program on the machine, as cookies know no ports.
 */
const API_HEADERS = ["authorization", "x-subscription-key", "x-client-id"];

const sentence = (statusCode: number, words: string, headers = {}): ApiResponse => ({
  statusCode,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body: `${words}\n`,
});

/** Encodes a text as an extended header parameter, RFC 8187. */
const inHeader = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const notFound = () => sentence(404, "There is no such file.");

async function fileFor({ method, target, headers }: IncomingRequest, { store, files }: FileSource, links: SignedLinks) {
  if (method !== "GET" && method !== "HEAD") return sentence(405, "Files are read with GET.", { allow: "GET, HEAD" });
  const secrets = API_HEADERS.filter((name) => headers[name] !== undefined);
  if (secrets.length) return sentence(400, `This host is not the API; send it no ${secrets.join(", ")}.`);
  if (!URL.canParse(target, "http://files.example")) return notFound();
  const link = links.open(new URL(target, "http://files.example"));
  if ("error" in link) return sentence(403, link.error);
  const record = store.reports.get(link.reportId);
  if (!record) return notFound();
  const format = formats[extensionOf(record.report.format)];
  if (!format) return notFound();
  // HEAD does not make the file.
  const file = method === "HEAD" ? undefined : await files.of(record);
  const length = file?.length ?? files.lengthOf(record);
  return {
    statusCode: 200,
    headers: {
      "content-type": format.contentType,
      ...(length !== undefined && { "content-length": String(length) }),
      "content-disposition": `attachment; filename*=UTF-8''${inHeader(fileNameOf(record.report))}`,
    },
    body: file,
  };
}

/** Responds to a signed link with the report's file. Refuses the API's headers. */
export async function serveFile(
  request: IncomingRequest,
  source: FileSource,
  links: SignedLinks,
): Promise<ApiResponse> {
  const response = await fileFor(request, source, links).catch((error: Error) =>
    sentence(500, `The file could not be made: ${error.message}`),
  );
  const origin = originHeaders(request.headers.origin, source.gateway.corsCredentials);
  return { ...response, headers: { ...origin, ...response.headers } };
}
