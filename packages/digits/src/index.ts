/** Drawn digits and the one preprocessing: what runs in pages as well as in Node. */
export { drawnDigits } from "./drawn.ts";
export type { DrawnDigits, DrawnOptions } from "./drawn.ts";
export { gallery, inkFor, picture } from "./picture.ts";
export type { Ink, Screen } from "./picture.ts";
export { BOX, normalise, preprocess, preprocessLines, SIDE } from "./preprocess.ts";
export type { Line } from "./preprocess.ts";
export type { Bitmap } from "./raster.ts";
export { heldOutStyles, styleNames, trainedStyles } from "./strokes/styles.ts";
export type { StyleName } from "./strokes/styles.ts";
