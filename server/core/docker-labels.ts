/** Owns the names of the labels by which our Docker images and containers are known; the runtimes are built with the same. */

export const dockerLabel = (name: string): string => `io.dispatchframework.solo.${name}`

/** Of an image that a build has made: the hash of what was asked for, and whose build it was. */
export const buildLabel = dockerLabel('build')
export const buildInstanceLabel = dockerLabel('build-instance')

/**
 * Of the containers that an instance builds images in: the engine, which clears away what has its own label, knows none of them. They
 * are on the network of the instance's functions.
 */
export const buildsLabel = dockerLabel('builds')
