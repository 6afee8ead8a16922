/** Owns the names of the labels by which our Docker images and containers are known; the runtimes are built with the same. */

export const dockerLabel = (name: string): string => `io.dispatchframework.solo.${name}`
