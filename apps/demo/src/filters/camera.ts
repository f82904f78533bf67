/** The visitor's camera: asked for when it is chosen, let go when it is left. Its pictures go to the worker and nowhere else. */

/** Why there is none. `insecure`: browsers have no cameras for pages that came over http. */
export type NoCamera = "refused" | "missing" | "taken" | "insecure" | "failed";

export interface Camera {
  /** The next picture; undefined when it was closed meanwhile. */
  next(): Promise<ImageBitmap | undefined>;
  close(): void;
}

const reasons: Readonly<Record<string, NoCamera>> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "taken",
  AbortError: "taken",
};

/** `lost` is called when somebody else ends it: unplugged, or the browser's own button. */
export async function openCamera(lost: () => void): Promise<Camera | NoCamera> {
  const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices };
  if (mediaDevices === undefined) return "insecure";
  let stream: MediaStream;
  try {
    stream = await mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "environment" },
    });
  } catch (error) {
    return reasons[(error as Error).name] ?? "failed";
  }
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  let open = true;
  const close = (): void => {
    open = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  for (const track of stream.getTracks())
    track.addEventListener("ended", () => {
      if (!open) return;
      close();
      lost();
    });
  try {
    await video.play();
  } catch {
    close();
    return "failed";
  }
  return {
    async next() {
      await fresh(video);
      if (!open || video.videoWidth === 0) return undefined;
      return createImageBitmap(video);
    },
    close,
  };
}

/** The video's next picture; where browsers do not tell, the screen's next beat. */
function fresh(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => resolve());
    else requestAnimationFrame(() => resolve());
  });
}
