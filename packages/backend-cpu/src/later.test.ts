import { TatamiError } from "@tatamijs/core/backend";
import { expect, test } from "vitest";
import { later } from "./later.ts";

test("a module that cannot be fetched is an error of the backend, with its cause", async () => {
  expect(await later(Promise.resolve(7))).toBe(7);
  const cause = new TypeError("Failed to fetch dynamically imported module");
  const error: unknown = await later(Promise.reject(cause)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(TatamiError);
  expect(error).toMatchObject({ code: "backend", op: "cpu", cause });
});
