import { startDocsServer } from "@imcloud/docs/server";

const docs = await startDocsServer({
  folder: process.argv[2]!,
  mockUrl: "http://127.0.0.1:4010/marketplace",
  port: Number(process.argv[3] ?? 0),
});
console.log(docs.url);
