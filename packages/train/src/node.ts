/** `@tatamijs/train/node`: files, renames and the terminal. The rest of train runs in pages and workers too. */
export { loadCheckpoint, loadSafetensors, saveCheckpoint, saveSafetensors } from "./node/checkpoint.ts";
export { readBytes, saveBytes } from "./node/files.ts";
export { bar, duration, progressLine } from "./node/progress.ts";
export type { Progress } from "./node/progress.ts";
export { terminalProgress } from "./node/terminal.ts";
export type { ProgressStream, TerminalProgress } from "./node/terminal.ts";
