/** One agent in a page, as the server sees it: it asks for a request and posts a reply, one at a time. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Agent, Reply, Request } from "./agent.ts";
import { body } from "./server.ts";

export interface Channel {
  readonly ask: Agent;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Whoever waits is told why, and so is everybody after him. */
  end(why: string): void;
}

export function openChannel(): Channel {
  let waiting: ServerResponse | undefined;
  let queued: Request | undefined;
  let ended: string | undefined;
  let resolve: (value: Reply) => void = () => {};
  let reject: (error: Error) => void = () => {};

  const hand = (): void => {
    if (waiting === undefined || queued === undefined) return;
    waiting.setHeader("content-type", "application/json");
    waiting.end(JSON.stringify(queued));
    [waiting, queued] = [undefined, undefined];
  };
  const take = (kind: string, bytes: Buffer): void => {
    if (kind === "error") reject(new Error(bytes.toString("utf8")));
    else if (kind === "numbers")
      resolve(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
    else resolve((JSON.parse(bytes.toString("utf8")) as { value?: string | number }).value);
  };
  return {
    ask: (request) =>
      new Promise((yes, no) => {
        [resolve, reject] = [yes, no];
        if (ended !== undefined) no(new Error(ended));
        queued = request;
        hand();
      }),
    handle(request, response) {
      if (request.method === "POST") {
        void body(request).then((bytes) => {
          response.end();
          take(request.url!.split("?")[1]!, bytes);
        });
      } else {
        waiting = response;
        hand();
      }
    },
    end(why) {
      ended ??= why;
      reject(new Error(ended));
    },
  };
}
