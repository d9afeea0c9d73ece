/**
 * Patches a page that another tool draws, so that screen readers can read it: whenever it draws something, each patch is made to
 * the elements that its selector finds. A patch that was made already must change nothing.
 *
 * @param {[selector: string, patch: (element: HTMLElement) => void][]} patches
 */
window.keepPatched = (patches) => {
  const patchAll = () => {
    for (const [selector, patch] of patches) document.querySelectorAll(selector).forEach(patch);
  };
  let isPlanned = false;
  const plan = () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      patchAll();
    });
  };
  new MutationObserver(plan).observe(document.body, { childList: true, subtree: true });
  patchAll();
};
