/** One file of a bundle for all that talks to workers: each more is one more to wait for before the first answer. */
export { openRemote } from "./remote.ts";
export { startThreads } from "./threads.ts";
