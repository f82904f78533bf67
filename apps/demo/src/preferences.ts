/** The language and the theme: remembered, and written on the root element. */
import { effect, signal, type Signal } from "@preact/signals";

export type Language = "en" | "ja";
export type Theme = "system" | "light" | "dark";

const root = document.documentElement;

export const language: Signal<Language> = signal(root.lang === "ja" ? "ja" : "en");
export const theme: Signal<Theme> = signal((root.dataset["theme"] as Theme | undefined) ?? "system");

/** Rises when the colours may have changed: canvases draw again. */
export const palette: Signal<number> = signal(0);

/** Remembers where the browser lets a page do so. */
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`tatami.${key}`, value);
  } catch {
    // A private window: the choice lasts as long as the page.
  }
}

effect(() => {
  root.lang = language.value;
});
effect(() => {
  if (theme.value === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme.value;
  palette.value = palette.peek() + 1;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => palette.value++);

export function chooseLanguage(next: Language): void {
  language.value = next;
  keep("language", next);
}

export function chooseTheme(next: Theme): void {
  theme.value = next;
  keep("theme", next);
}

/** One text in both languages; what a language lacks is a type error. */
export type Both<T> = Readonly<Record<Language, T>>;

/** The text in the language of now. Read in a component, it follows the switch. */
export function said<T>(both: Both<T>): T {
  return both[language.value];
}
