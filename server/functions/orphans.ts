/** Code without a function: what a crash leaves that comes between storing the two. */
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import { keyOf } from '../core/reconciler.ts'
import type { Collection } from '../store/port.ts'
import type { FunctionEntity, SourceEntity } from './schema.ts'

export interface OrphanDependencies {
  functions: Pick<Collection<FunctionEntity>, 'list'>
  sources: Pick<Collection<SourceEntity>, 'keys' | 'remove'>
  log: Log
}

/** To be called while no function can be stored. What cannot be removed now stays for the next time. */
export async function removeOrphans({ functions, sources, log }: OrphanDependencies): Promise<void> {
  const owned = (await functions.list()).flatMap(({ org, sourceNames }) =>
    sourceNames.map(name => keyOf({ org, name })),
  )
  const isOwned = new Set(owned)
  for (const { org, name } of await sources.keys()) {
    if (isOwned.has(keyOf({ org, name }))) continue
    await sources.remove(org, name).then(
      () => log.info({ org, source: name }, 'code without a function was removed'),
      thrown =>
        log.warn({ org, source: name, cause: messageOf(thrown) }, 'code without a function could not be removed'),
    )
  }
}
