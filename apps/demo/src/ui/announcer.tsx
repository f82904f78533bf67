/** One polite live region for the whole page. What comes too fast is dropped, but for the last. */
import { signal, type Signal } from "@preact/signals";
import type { VNode } from "preact";

const spoken: Signal<string> = signal("");
let due = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** `pause`: milliseconds that must have passed since the last announcement; an earlier one waits, and a later one takes its place. */
export function announce(text: string, pause: number = 250): void {
  clearTimeout(timer);
  const say = (): void => {
    due = Date.now() + pause;
    spoken.value = text;
  };
  const wait = due - Date.now();
  if (wait <= 0) say();
  else timer = setTimeout(say, wait);
}

export function Announcer(): VNode {
  return (
    <p class="unseen" role="status" aria-live="polite">
      {spoken.value}
    </p>
  );
}
