/**
 * Where we are: `#/room?key=value`. Behind the #, so that any static host and any sub-path will do. `go` makes a step of the
 * history, `amend` changes the step that we stand on.
 */
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { rooms } from "./rooms.ts";

export interface Route {
  /** "" is the landing room. */
  readonly room: string;
  readonly query: URLSearchParams;
  /** By a link of the site; else by the browser: its history, its address bar. */
  readonly linked: boolean;
}

function parse(hash: string, linked: boolean): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  // A room that is none leads to the landing room.
  return { room: rooms.some((one) => one.path === path) ? path : "", query: new URLSearchParams(query), linked };
}

export const route: Signal<Route> = signal(parse(location.hash, false));

/** Parts that the address hides, for a lesson: `hide=tour,code`. Each room knows what it can leave out. */
export const hidden: ReadonlySignal<ReadonlySet<string>> = computed(
  () => new Set((route.value.query.get("hide") ?? "").split(",")),
);

addEventListener("popstate", () => {
  route.value = parse(location.hash, false);
});

/** The address of a room with its state. */
export function addressOf(room: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const kept = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(kept).toString();
  return `#/${room}${text === "" ? "" : `?${text}`}`;
}

export function go(address: string): void {
  if (address === location.hash) return;
  history.pushState(null, "", address);
  route.value = parse(address, true);
}

/** Does not tell anyone: whoever amends knows. */
export function amend(address: string): void {
  if (address !== location.hash) history.replaceState(null, "", address);
}
