/** Versions that were replaced and that calls still use: a container that is lost has to be made again until the last call is over. */
import type { ActiveVersion } from './schema.ts'

export interface Retiring {
  add(functionId: string, version: ActiveVersion): void
  /** Of the function; of all without it. */
  list(functionId?: string): ActiveVersion[]
  remove(functionId: string, faasId: string): void
  /** The function is gone. */
  forget(functionId: string): void
}

export function createRetiring(): Retiring {
  const byFunction = new Map<string, Map<string, ActiveVersion>>()
  return {
    add: (functionId, version) => {
      const versions = byFunction.get(functionId) ?? new Map()
      byFunction.set(functionId, versions.set(version.faasId, version))
    },
    list: functionId => {
      const found = functionId === undefined ? [...byFunction.values()] : [byFunction.get(functionId) ?? new Map()]
      return found.flatMap(versions => [...versions.values()])
    },
    remove: (functionId, faasId) => {
      const versions = byFunction.get(functionId)
      versions?.delete(faasId)
      if (versions?.size === 0) byFunction.delete(functionId)
    },
    forget: functionId => void byFunction.delete(functionId),
  }
}
