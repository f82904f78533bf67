/**
 * tfjs's gradients stand beside the entry that Node takes, in ES modules that Node cannot read as they are (no endings, no
 * "type"). Their registry is global, so a second copy of core's modules fills that of the first.
 */
import { registerHooks } from "node:module";

const inside = "/tfjs-core/dist/";

const hooks = registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith(".") || !context.parentURL?.includes(inside)) return next(specifier, context);
    try {
      return next(`${specifier}.js`, context);
    } catch {
      return next(`${specifier}/index.js`, context);
    }
  },
  load: (url, context, next) => next(url, url.includes(inside) ? { ...context, format: "module" } : context),
});
await import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
hooks.deregister();
