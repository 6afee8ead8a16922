/**
 * Docker repositories that this product serves from runtimes of its own: a base image with one of these URLs, whatever
 * its tag, runs on the runtime image of that language on this machine, so that the seed set works offline.
 */
const languages = new Map([
  ['dispatchframework/nodejs-base', 'nodejs'],
  ['dispatchframework/python3-base', 'python3'],
  ['dispatchframework/java-base', 'java'],
  ['dispatchframework/powershell-base', 'powershell'],
])

/** Those whose runtime images belong to this version: `server/runtimes/` holds them. */
export const runtimeLanguages: readonly string[] = ['nodejs', 'python3']

/** The repository part of a Docker reference: `registry:5000/a/b:tag@digest` is `registry:5000/a/b`. */
export const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '')

/** The language whose own runtime stands in for the reference, if there is one. */
export const aliasLanguage = (reference: string): string | undefined => languages.get(repositoryOf(reference))

export const runtimeReference = (language: string, version: string): string => `dispatch-solo/${language}:${version}`
