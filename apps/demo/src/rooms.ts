/** The rooms of the site: each is a module of its own, fetched when somebody enters. */
import type { ComponentType } from "preact";
import type { Both } from "./preferences.ts";

export interface Room {
  /** In the address. */
  readonly path: string;
  readonly name: Both<string>;
  load(): Promise<ComponentType>;
}

export const rooms: readonly Room[] = [
  {
    path: "",
    name: { en: "Conv Lab", ja: "畳み込み実験室" },
    load: async () => (await import("./lab/room.tsx")).LabRoom,
  },
  {
    path: "read",
    name: { en: "Read my writing", ja: "手書きを読む" },
    load: async () => (await import("./read/room.tsx")).ReadRoom,
  },
  {
    path: "train",
    name: { en: "Train", ja: "学習する" },
    load: async () => (await import("./train/room.tsx")).TrainRoom,
  },
  {
    path: "filters",
    name: { en: "Filters", ja: "フィルター" },
    load: async () => (await import("./filters/room.tsx")).FiltersRoom,
  },
  {
    path: "arena",
    name: { en: "Arena", ja: "競技場" },
    load: async () => (await import("./arena/room.tsx")).ArenaRoom,
  },
  {
    path: "about",
    name: { en: "About", ja: "tatami とは" },
    load: async () => (await import("./about/room.tsx")).AboutRoom,
  },
];
