/** Data: Docker references that this product answers from runtimes of its own, whatever their tag, so that they work offline. */

/** The original's own base images, by repository. */
const languages = new Map([
  ['dispatchframework/nodejs-base', 'nodejs'],
  ['dispatchframework/python3-base', 'python3'],
  ['dispatchframework/java-base', 'java'],
  ['dispatchframework/powershell-base', 'powershell'],
])

/** Of any language. */
const ownRepository = /^dispatch-solo\/([a-z0-9]+)$/

/** A runtime image of this version that stands for a reference. */
export interface Alias {
  language: string
  reference: string
}

/** The repository part of a Docker reference: `registry:5000/a/b:tag@digest` is `registry:5000/a/b`. */
export const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '')

/** The runtime that stands in for the reference, if there is one. */
export function findAlias(reference: string, runtimeVersion: string): Alias | undefined {
  const repository = repositoryOf(reference)
  const language = languages.get(repository) ?? ownRepository.exec(repository)?.[1]
  return language === undefined ? undefined : { language, reference: runtimeReference(language, runtimeVersion) }
}

export const runtimeReference = (language: string, version: string): string => `dispatch-solo/${language}:${version}`

/** In the order in which they are looked for: those first that are on every machine. */
const shipped = ['nodejs', 'python3', 'binary', 'powershell', 'java']

/** Images whose shell may run as root of this machine, to set the rules of networks: none that users could have changed. */
export const rulesImagesOf = (version: string): string[] => shipped.map(language => runtimeReference(language, version))
