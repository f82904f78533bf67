import { cpu } from "@tatamijs/backend-cpu";
import type { Runner } from "../runner.ts";
import { runnerOf } from "./runner.ts";

/** tatami on its CPU backend. */
export const create = async (): Promise<Runner> => runnerOf(() => cpu());
