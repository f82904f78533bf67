import { describe } from "vitest";
import { reference } from "./testing/reference.ts";
import { conformance } from "./vitest.ts";

// The adapter itself: one test for each case, the backend opened and closed around them.
describe("the reference backend", () => {
  conformance(async () => reference(), { ops: ["detach", "gather"] });
});
