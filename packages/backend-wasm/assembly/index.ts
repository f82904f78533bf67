// Every kernel that a program may call is an export; its name is what the TypeScript side calls it by.
export * from "./first";
export * from "./rest";
