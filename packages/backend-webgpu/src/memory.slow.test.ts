import { test } from "vitest";
import { manyRuns } from "./testing/many.ts";

test("ten thousand runs and a thousand programs leave buffers and pipelines where they were", () =>
  manyRuns(10_000, 1000));
