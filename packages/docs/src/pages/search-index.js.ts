import { entries } from "../search/entries.ts";

export const GET = async () => new Response(`window.searchEntries = ${JSON.stringify(await entries())};\n`);
