// What the bundler gives beside modules.
interface ImportMeta {
  readonly env: { readonly PROD: boolean };
}
declare module "*.css";
