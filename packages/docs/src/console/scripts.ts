const loading = new Map<string, Promise<void>>();

/**
 * Loads a plain script once. Scripts come so, as a page from a folder loads no modules.
 * @throws {@link Error} when it does not load
 */
export function loadScript(url: string): Promise<void> {
  const known = loading.get(url);
  if (known) return known;
  const made = new Promise<void>((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: url });
    script.onload = () => resolve();
    script.onerror = () => {
      loading.delete(url);
      reject(new Error(`${new URL(url, location.href).pathname} did not load. Check the connection and try again.`));
    };
    document.head.append(script);
  });
  loading.set(url, made);
  return made;
}
