/** The worker of the training room: the trainer, and the way to the page. The first message says where MNIST is. */
import type { Asked, SiteData, Told } from "./messages.ts";
import { trainer, type Trainer } from "./trainer.ts";

const port = globalThis as unknown as {
  postMessage(told: Told, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<SiteData | Asked>) => void): void;
};

/** What may be handed over, for nobody here needs it again. */
function handed(told: Told): Transferable[] {
  if (told.kind === "losses") return [told.losses.buffer];
  if (told.kind === "maps") return [told.maps.weights.buffer, told.maps.gradients.buffer];
  return told.kind === "saved" ? [told.bytes.buffer] : [];
}

let here: Trainer | undefined;
port.addEventListener("message", ({ data }) => {
  if (here === undefined) here = trainer(data as SiteData, (told) => port.postMessage(told, handed(told)));
  else here.ask(data as Asked);
});
