/**
 * The field of a search and the list below it. It leads to the search's own page where no script runs.
 * @param isLabelShown in a dialog, the placeholder is enough for readers who see it
 */
export const searchMarkup = (id: string, page: string, isLabelShown: boolean): string => `
<form class="search-form" action="${page}" role="search" aria-label="The whole site">
  <label class="${isLabelShown ? "search-label" : "site-hidden"}" for="${id}">Search guides, operations, fields and errors</label>
  <input class="search-input" id="${id}" type="search" name="q" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="Search the docs">
</form>
<p class="search-state" role="status"></p>
<p class="search-hint">A word, a field, a status or the text of an error: refund, poNumber, 429, “token has expired”.</p>
<ol class="search-results"></ol>`;
