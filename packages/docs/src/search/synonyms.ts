import MiniSearch from "minisearch";
import { normalized } from "./words.ts";

/** Phrases that are one thing, and the word for it. */
const PHRASES: [phrase: RegExp, word: string][] = [
  [/\btoo many requests\b|\brate[- ]?limit(?:ed|ing|s)?\b|\bthrottl\w*/gi, "429"],
  [/\bbad gateway\b/gi, "502"],
  [/\bgateway time-?\s?out\b/gi, "504"],
  [/\binternal server error\b/gi, "500"],
  [/\b(?:un-?authori[sz]ed|not authori[sz]ed)\b/gi, "401"],
  [/\bforbidden\b|\bpermission denied\b|\baccess denied\b/gi, "403"],
  [/\bnot found\b/gi, "404"],
  [/\bbad request\b/gi, "400"],
  [/\bmoney back\b|\bcharge ?back\b/gi, "refund"],
  [/\blog(?:ging)?[- ]?in\b|\bsign(?:ing)?[- ]?(?:in|on)\b|\bauthenticat\w*/gi, "signin"],
  [/\bauto(?:matic(?:ally)?)?[- ]?renew\w*/gi, "autorenewal"],
  [/\btime[sd]?[- ]?out\b/gi, "timeout"],
  [/\b(?:o365|m365|office ?365|microsoft ?365)\b/gi, "microsoft"],
  [/\bback[- ]?end\b/gi, "backend"],
  [/\bfront[- ]?end\b/gi, "frontend"],
  [/\bgo(?:ing)?[- ]live\b/gi, "production"],
  // Its stem is that of a terminal.
  [/\bterminat(?:e|es|ing|ion)\b/gi, "cancel"],
  [/\b(?:licen[cs]e|seat|user)s? (?:count|number)\b|\b(?:count|number) of (?:licen[cs]e|seat|user)s?\b/gi, "seats"],
];

/**
 * Words that readers use for one another. The first is the one that this site uses most. Each finds the others, for less than what
 * it finds by itself.
 */
const GROUPS = [
  "seat license licence quantity unit user",
  "fewer reduce decrease downgrade lower shrink downsize remove",
  "increase add more grow",
  "refund cancel cancellation credit stop",
  "cancel delete remove close end",
  "signin sign token login authentication auth oauth basic bearer credentials password",
  "expire expired expiry ended invalid stale live",
  "401 unauthorized token signin",
  "403 forbidden permission quota",
  "404 missing unknown",
  "429 limit quota retry-after fast throttle",
  "500 conflict failure",
  "504 502 503 timeout gateway proxy",
  "error failure fail exception problem broken",
  "invoice bill billing reconcile reconciliation report",
  "report export csv xlsx excel download rde usage consumption",
  "webhook callback notification event push poll polling wait",
  "duplicate twice double idempotent idempotency once lost",
  "price cost charge amount money estimate",
  "order buy purchase place sell sale",
  "product catalog catalogue sku mpn offer item",
  "customer account company tenant client",
  "microsoft azure tenant domain onmicrosoft nce csp",
  "renew renewal autorenewal expire",
  "upgrade switch plan edition",
  "align coterm co-term coterming anniversary",
  "schedule scheduled postpone later date",
  "page paging pagination offset limit cursor list",
  "mock sandbox test fake stub demo",
  "frontend browser cors react spa javascript",
  "backend server node",
  "proxy corporate firewall certificate tls",
  "install npm setup start quickstart begin",
  "production prod live checklist launch",
  "header subscriptionkey key apikey",
  "vat tax taxregid",
  "field column property attribute",
  "sync synchronize database import replicate",
  "status state",
  "move migrate migration transfer",
  "type types typescript typing",
  // What readers in Germany and Sweden type, accents left out.
  "customer kunde kunden kund kunder",
  "order bestellung bestellen bestellungen auftrag bestallning bestalla",
  "cancel cancellation stornieren storno kundigen kundigung avbestalla uppsagning avsluta",
  "seat license lizenz lizenzen licens licenser",
  "subscription abonnement abonnements abo abonnemang prenumeration",
  "invoice rechnung rechnungen faktura fakturor",
  "price preis preise pris priser",
  "report bericht berichte rapport rapporter",
  "create anlegen erstellen skapa",
  "change update andern aktualisieren andra uppdatera",
  "fewer reduce reduzieren verringern minska",
  "increase add erhohen oka",
  "renew renewal verlangern verlangerung fornya fornyelse",
  "error fehler fehlermeldung felmeddelande",
  "password signin passwort kennwort anmelden anmeldung losenord inloggning",
  "expired abgelaufen utgangen",
  "refund erstattung aterbetalning",
].map((group) => group.split(" ").map(normalized));

const related = new Map<string, Set<string>>();
for (const group of GROUPS) {
  for (const word of group) {
    const others = related.get(word) ?? new Set();
    for (const other of group) if (other !== word) others.add(other);
    related.set(word, others);
  }
}

/** A query with the phrases of readers as the words for them. */
export const withoutPhrases = (query: string): string =>
  PHRASES.reduce((text, [phrase, word]) => text.replace(phrase, ` ${word} `), query);

/** The words that have synonyms, to find one that is mistyped. */
const known = new MiniSearch<{ id: string }>({
  fields: ["id"],
  tokenize: (text) => [text],
  processTerm: (term) => term,
});
known.addAll([...related.keys()].map((id) => ({ id })));

/** Other words for a word, as they are compared. */
export const synonymsOf = (word: string): string[] => [...(related.get(normalized(word)) ?? [])];

/** Other words for a word that the site does not have: for what is closest to it, and that itself. */
export function synonymsOfMistyped(word: string): string[] {
  const typed = normalized(word);
  if (related.has(typed)) return synonymsOf(word);
  if (typed.length < 5) return [];
  const [closest] = known.search(typed, { fuzzy: typed.length > 7 ? 2 : 1, tokenize: (text) => [text] });
  return closest ? [closest.id, ...(related.get(closest.id) ?? [])] : [];
}
