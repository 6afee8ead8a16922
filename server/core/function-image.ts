/** Owns the name of the Docker image of one version of a function; of those that are loaded into a runtime, no image stands behind it. */

export const functionImageReference = (imageRegistry: string, faasId: string): string =>
  `${imageRegistry}/func-${faasId}:latest`
