/** The code of functions: stored once in each organization, under its hash, for as long as a function there uses it. */
import type { Clock, Ids } from '../core/clock.ts'
import { createEntity } from '../core/entity.ts'
import { isEntry, messageOf } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import { keyOf } from '../core/reconciler.ts'
import { createTurns } from '../core/turns.ts'
import type { Collection } from '../store/port.ts'
import { createHolds } from './holds.ts'
import { renameSources } from './legacy-sources.ts'
import { sha256Of } from './revision.ts'
import type { FunctionEntity, SourceEntity } from './schema.ts'

export interface SourceDependencies {
  functions: Collection<FunctionEntity>
  sources: Collection<SourceEntity>
  clock: Clock
  ids: Ids
  log: Log
}

export interface SentCode {
  org: string
  functionName: string
  archiveBase64: string
}

export interface Sources {
  /** Removes what no function uses, such as a crash leaves. To be called while no function can be stored, and before all else. */
  start(): Promise<void>
  /** Has the code stored before the function that uses it is written; it goes away again when that fails. */
  storeAround<T>(code: SentCode, write: () => Promise<T>): Promise<T>
  /** Removes those of the names that no function of the organization uses. `gone`: one that does not count any more. */
  removeUnused(org: string, names: Iterable<string>, gone?: string): Promise<void>
}

export function createSources({ functions, sources, clock, ids, log }: SourceDependencies): Sources {
  const inTurn = createTurns()
  const claims = createHolds()
  /** Names of the functions that may use a source; whether one does is looked up before it is believed that none does. */
  const users = new Map<string, Set<string>>()

  const addUser = (key: string, functionName: string): void => {
    users.set(key, (users.get(key) ?? new Set()).add(functionName))
  }

  const isUsed = async (org: string, name: string): Promise<boolean> => {
    const key = keyOf({ org, name })
    if (claims.isHeld(key)) return true
    for (const user of users.get(key) ?? []) {
      if ((await functions.get(org, user))?.sourceNames.includes(name)) return true
      users.get(key)?.delete(user)
    }
    return false
  }

  /** What cannot be removed now is removed at the next start. */
  const removeIfUnused = async (org: string, name: string, gone?: string): Promise<void> => {
    const key = keyOf({ org, name })
    const removeNow = async () => {
      if (gone !== undefined) users.get(key)?.delete(gone)
      if (await isUsed(org, name)) return
      await sources.remove(org, name)
      users.delete(key)
    }
    await inTurn(key, removeNow).catch(thrown =>
      log.warn({ org, source: name, cause: messageOf(thrown) }, 'code without a function could not be removed'),
    )
  }

  /** What cannot be opened makes room for the same code, sent again. */
  const hasSource = async (org: string, name: string): Promise<boolean> => {
    try {
      return (await sources.get(org, name)) !== undefined
    } catch (thrown) {
      if (!isEntry(thrown, 'SEAL_BROKEN')) throw thrown
      await sources.remove(org, name)
      return false
    }
  }

  const store = async (org: string, archiveBase64: string): Promise<string> => {
    const name = sha256Of(archiveBase64)
    await inTurn(keyOf({ org, name }), async () => {
      if (await hasSource(org, name)) return
      await sources.create({ ...createEntity(org, { name }, { ...clock, ...ids }), archiveBase64 })
    })
    return name
  }

  return {
    start: async () => {
      for (const entity of await functions.list())
        await renameSources(entity, { functions, sources, store }).catch(thrown =>
          log.warn({ function: entity.name, cause: messageOf(thrown) }, 'its code is not stored by its hash yet'),
        )
      for (const { org, name: functionName, sourceNames } of await functions.list())
        for (const name of sourceNames) addUser(keyOf({ org, name }), functionName)
      for (const { org, name } of await sources.keys()) await removeIfUnused(org, name)
    },

    storeAround: async ({ org, functionName, archiveBase64 }, write) => {
      const name = sha256Of(archiveBase64)
      const key = keyOf({ org, name })
      const letGo = claims.hold(key)
      try {
        await store(org, archiveBase64)
        addUser(key, functionName)
        const written = await write()
        letGo()
        return written
      } catch (thrown) {
        letGo()
        await removeIfUnused(org, name)
        throw thrown
      }
    },

    removeUnused: async (org, names, gone) => {
      for (const name of names) await removeIfUnused(org, name, gone)
    },
  }
}
