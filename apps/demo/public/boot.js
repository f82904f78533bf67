// Before the first paint: the language and the theme that were chosen last, so that nothing flashes.
(() => {
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const theme = kept("tatami.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  // A document is in the language that it was written in.
  if (root.dataset.language) return;
  const language = kept("tatami.language");
  root.lang = language === "ja" || language === "en" ? language : navigator.language.startsWith("ja") ? "ja" : "en";
})();
