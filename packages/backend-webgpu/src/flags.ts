/** GPUBufferUsage and GPUMapMode by their numbers: not every runtime has the names as globals. */
export const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128, queries: 512 } as const;

export const mapForReading = 1;
