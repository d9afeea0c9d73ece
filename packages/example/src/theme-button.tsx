import "@imcloud/theme/theme.js";
import { themeIcons } from "@imcloud/theme/header";
import { useSyncExternalStore } from "react";

type Choice = keyof typeof themeIcons;

const root = document.documentElement;

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(root, { attributeFilter: ["data-theme-choice"] });
  return () => observer.disconnect();
}

/** Switches between the system's theme, light and dark, for the docs beside it too. `theme.js` listens for clicks on its class, and names it. */
export function ThemeButton() {
  const choice = useSyncExternalStore(subscribe, () => (root.dataset.themeChoice ?? "auto") as Choice);
  const name = `Theme: ${choice === "auto" ? "as the system" : choice}`;
  return (
    <button type="button" className="theme site-theme" aria-label={name} title={name}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={themeIcons[choice]} />
      </svg>
    </button>
  );
}
