// What a page's layout must not do. These run in the page: they may use nothing from outside of themselves.

/** Where the page is wider than its window, and texts that are cut off or reach out of it; a line each. */
export function cutOff(): readonly string[] {
  const found: string[] = [];
  const name = (element: Element): string => {
    const text = (element.textContent ?? "").trim().replaceAll(/\s+/g, " ").slice(0, 30);
    return `${element.tagName.toLowerCase()}.${element.className} "${text}"`;
  };
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide} px too wide`);
  const scrolls = (element: Element | null): boolean => {
    for (let at = element; at !== null; at = at.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
    if (element.closest(".unseen, .skip, svg, option") !== null || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    // For ears only.
    if (style.clipPath !== "none" && element.clientWidth <= 1) continue;
    const hides = style.overflowX === "hidden" || style.overflowX === "clip";
    if (hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
      found.push(`cut off: ${name(element)}`);
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "");
    if (!says && !["BUTTON", "INPUT", "SELECT", "CANVAS", "IMG"].includes(element.tagName)) continue;
    const { left, right } = element.getBoundingClientRect();
    if ((right > innerWidth + 1 || left < -1) && !scrolls(element)) found.push(`out of the window: ${name(element)}`);
    // A button's words, and a field's number, have room in it.
    if (["BUTTON", "INPUT"].includes(element.tagName) && element.scrollWidth > element.clientWidth + 1)
      found.push(`too narrow: ${name(element)} ${element.getAttribute("aria-label") ?? ""}`);
  }
  return found;
}

/** Things to press that are smaller than 24 × 24 px, but for links within a text (WCAG 2.2, 2.5.8); a line each. */
export function smallTargets(): readonly string[] {
  const all = document.querySelectorAll<HTMLElement>(
    "button, input, select, summary, a, [role=application], [tabindex='0']",
  );
  return [...all]
    .filter((element) => element.checkVisibility() && element.closest(".unseen, .skip") === null)
    .filter((element) => !(element.tagName === "A" && getComputedStyle(element).display === "inline"))
    .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
    .filter(({ box }) => box.width < 23.5 || box.height < 23.5)
    .map(
      ({ element, box }) =>
        `${box.width.toFixed(0)} × ${box.height.toFixed(0)}: ${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent}`,
    );
}
