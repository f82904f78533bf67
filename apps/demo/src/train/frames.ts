/**
 * What is told, one thing a frame: however much comes at once, no task of the page is long. A page that nobody sees has no
 * frames, and takes all at once.
 */
export function byFrame<T>(hear: (told: T) => void, replaces: (older: T, newer: T) => boolean): (told: T) => void {
  let waiting: T[] = [];
  let asked = false;
  const pump = (): void => {
    asked = false;
    const told = waiting.shift();
    if (told === undefined) return;
    hear(told);
    if (waiting.length > 0) next();
  };
  const next = (): void => {
    if (asked) return;
    asked = true;
    if (document.visibilityState === "visible") requestAnimationFrame(pump);
    else setTimeout(pump);
  };
  // A frame that was asked for does not come once the page is hidden.
  document.addEventListener("visibilitychange", () => {
    asked = false;
    if (waiting.length > 0) next();
  });
  return (told) => {
    waiting = waiting.filter((older) => !replaces(older, told));
    waiting.push(told);
    next();
  };
}
