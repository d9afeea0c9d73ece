/** Where Starlight's tabs keep which of them was chosen; theirs and ours are one choice. */
const KEY = "starlight-synced-tabs__language";

/** The language that was chosen for samples, anywhere on the site. */
export function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Storage can be closed to a page.
    return null;
  }
}

/** Keeps the choice for every page. */
export function rememberLanguage(language: string): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // The choice then holds for this page.
  }
}
