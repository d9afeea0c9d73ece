import { useState } from "react";

type Theme = "light" | "dark";

const prefersDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

/** The theme that was chosen, or else the system's. */
function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme ?? localStorage.getItem("theme");
  return chosen === "light" || chosen === "dark" ? chosen : prefersDark() ? "dark" : "light";
}

/** Puts the theme that was chosen earlier on the page, before it is drawn. */
export function restoreTheme(): void {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
}

export function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  const other: Theme = theme === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      className="theme"
      aria-label={`Use the ${other} theme`}
      onClick={() => {
        document.documentElement.dataset.theme = other;
        localStorage.setItem("theme", other);
        setTheme(other);
      }}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        {theme === "dark" ? (
          <path d="M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2-1.4-1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z" />
        ) : (
          <path d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z" />
        )}
      </svg>
    </button>
  );
}
