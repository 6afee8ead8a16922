/** Owns the pause before something that keeps failing is tried again: doubling, with a ceiling. */

const firstMs = 250
const ceilingMs = 30_000

/** `failures`: in a row, at least 1. */
export const planRetryMs = (failures: number): number => Math.min(ceilingMs, firstMs * 2 ** Math.min(failures - 1, 20))
