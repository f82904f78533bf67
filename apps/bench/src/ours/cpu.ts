import type { Runner } from "../runner.ts";
import { prepareNetwork } from "./network.ts";
import { prepareOp } from "./op.ts";

/** tatami on its CPU backend. */
export const ours: Runner = {
  name: "tatami cpu",
  version: "source",
  prepare: (net, input, kind) => (kind === "op" ? prepareOp(net, input) : prepareNetwork(net, input)),
};
