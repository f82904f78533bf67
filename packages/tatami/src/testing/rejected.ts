import { TatamiError } from "@tatamijs/core";

/** The TatamiError that a promise is rejected with; anything else is a failure. */
export async function rejected(work: Promise<unknown>): Promise<TatamiError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TatamiError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
