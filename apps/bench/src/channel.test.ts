import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { openChannel, type Channel } from "./channel.ts";

/** The page asks what to do. → what it is told, once it is. */
function asked(channel: Channel): Promise<unknown> {
  return new Promise((resolve) => {
    const response = { setHeader() {}, end: (text: string) => resolve(JSON.parse(text)) };
    channel.handle({ method: "GET" } as IncomingMessage, response as unknown as ServerResponse);
  });
}

function posted(channel: Channel, kind: string, bytes: Uint8Array | string): void {
  const request = Object.assign(Readable.from([Buffer.from(bytes as string)]), {
    method: "POST",
    url: `/agent/0?${kind}`,
  });
  const response = { end() {} };
  channel.handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
}

describe("channel", () => {
  it("hands a request to whoever waits, or comes, and its reply back", async () => {
    const channel = openChannel();
    const early = asked(channel);
    const version = channel.ask({ do: "answer" });
    expect(await early).toEqual({ do: "answer" });
    posted(channel, "numbers", new Uint8Array(Float32Array.of(1, 2.5).buffer));
    expect(await version).toEqual(Float32Array.of(1, 2.5));
    const time = channel.ask({ do: "first" });
    expect(await asked(channel)).toEqual({ do: "first" });
    posted(channel, "value", '{"value":7}');
    expect(await time).toBe(7);
  });

  it("rejects with the page's words, and for good when it ends", async () => {
    const channel = openChannel();
    const wrong = channel.ask({ do: "answer" });
    posted(channel, "error", "no such thing");
    await expect(wrong).rejects.toThrow("no such thing");
    const pending = channel.ask({ do: "answer" });
    channel.end("its browser ended");
    await expect(pending).rejects.toThrow("its browser ended");
    await expect(channel.ask({ do: "close" })).rejects.toThrow("its browser ended");
  });
});
