// As tsup.config.ts has them.
declare module "*.wasm" {
  const base64: string;
  export default base64;
}
