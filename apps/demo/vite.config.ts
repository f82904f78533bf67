// The site: relative addresses, so that it works under any sub-path; packages from their sources, as the tests take them.
import { defaultClientConditions, defineConfig, type Plugin, type UserConfig } from "vite";
import { data } from "./data.ts";
import { docs } from "./docs.ts";
import { offline } from "./offline.ts";

/** In development styles that scripts import stand in the page itself. */
function looserInDevelopment(): Plugin {
  return {
    name: "tatami-looser-in-development",
    apply: "serve",
    transformIndexHtml: (html) => html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  };
}

const config: UserConfig = defineConfig({
  base: "./",
  resolve: { conditions: ["@tatamijs/source", ...defaultClientConditions] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  // A data: address is nothing that the site's CSP would load.
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  plugins: [data(), docs(), offline(), looserInDevelopment()],
});

export default config;
