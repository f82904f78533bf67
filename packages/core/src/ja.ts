/**
 * @packageDocumentation What errors say, in Japanese; an entry of its own, so that only who wants it carries it.
 *
 *     import { speak } from "@tatamijs/core";
 *     import { japanese } from "@tatamijs/core/ja";
 *     speak(japanese);                       // errors from now on, where the reader's locale is Japanese
 *     speak(japanese, "ja");                 // everywhere
 *     japanese.message(error);               // an error that was made before
 */
export { japanese } from "./ja/japanese.ts";
export { meanings } from "./ja/meanings.ts";
