import { TatamiError } from "@tatamijs/core/backend";

/** A module that few programs need, fetched by the first that does. @throws TatamiError `backend` if it cannot be had. */
export async function later<T>(module: Promise<T>): Promise<T> {
  try {
    return await module;
  } catch (cause) {
    throw new TatamiError("backend", "a kernel could not be fetched; serve all files of one build", {
      op: "cpu",
      cause,
    });
  }
}
