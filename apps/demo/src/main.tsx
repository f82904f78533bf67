/** The page begins here. */
import { render } from "preact";
import { Site } from "./site.tsx";

render(<Site />, document.getElementById("site")!);

// Offline after the first visit. In development, and where a browser has no such thing, the page just stays online.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("./sw.js").catch(() => undefined));
}
