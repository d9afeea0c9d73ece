/**
 * Keeps a page that another tool draws free of what screen readers stumble over: whatever it draws, when it has drawn
 * it, each repair is made to the elements that its selector finds. A repair that is made already must change nothing.
 *
 * @param {[selector: string, repair: (element: HTMLElement) => void][]} repairs
 */
window.keepRepaired = (repairs) => {
  const repairAll = () => {
    for (const [selector, repair] of repairs) document.querySelectorAll(selector).forEach(repair);
  };
  let isPlanned = false;
  const plan = () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      repairAll();
    });
  };
  new MutationObserver(plan).observe(document.body, { childList: true, subtree: true });
  repairAll();
};
