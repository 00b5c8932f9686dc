/** Reads a PEM file of the workspace. */
export type ReadPem = (path: string) => Promise<string>;
