/** Read, change, write back: repeated when somebody else wrote in between, so that no change is lost or refused. */
import type { Entity } from './entity.ts'
import { isEntry } from './errors.ts'

interface Entities<T extends Entity> {
  get(org: string, name: string): Promise<T | undefined>
  update(entity: T): Promise<T>
}

const maxTries = 10

/** `change` gets the present entity (undefined when absent) and may throw; it can be called more than once. */
export async function amend<T extends Entity>(
  entities: Entities<T>,
  key: { org: string; name: string },
  change: (current: T | undefined) => T,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const next = change(await entities.get(key.org, key.name))
    try {
      return await entities.update(next)
    } catch (thrown) {
      if (tries === maxTries || !isEntry(thrown, 'WRITE_CONFLICT')) throw thrown
    }
  }
}
