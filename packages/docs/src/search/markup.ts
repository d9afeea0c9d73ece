/** The field of a search and the list below it. It leads to the search's own page where no script runs. */
export const searchMarkup = (id: string, page: string): string => `
<form class="search-form" action="${page}" role="search" aria-label="The whole site">
  <label class="search-label" for="${id}">Search guides, operations, fields and errors</label>
  <input class="search-input" id="${id}" type="search" name="q" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="Search guides, operations, fields, errors">
</form>
<p class="search-state" role="status"></p>
<ol class="search-results"></ol>`;
