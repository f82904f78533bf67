/** Drawn digits, the one preprocessing and the network: what runs in pages as well as in Node. */
export { drawnDigits } from "./drawn.ts";
export type { DrawnDigits, DrawnOptions } from "./drawn.ts";
export { CLASSES, digitsNetwork, pixels } from "./network.ts";
export type { Pixels } from "./network.ts";
export { gallery, inkFor, picture } from "./picture.ts";
export type { Ink, Screen } from "./picture.ts";
export { BOX, preprocess, preprocessLines, SIDE } from "./preprocess.ts";
export type { Line } from "./preprocess.ts";
export type { Bitmap } from "./raster.ts";
export { accuracyOf, differenceOf, openReader } from "./reader.ts";
export type { Reader, Reading } from "./reader.ts";
export { heldOutStyles, styleNames, trainedStyles } from "./strokes/styles.ts";
export type { StyleName } from "./strokes/styles.ts";
