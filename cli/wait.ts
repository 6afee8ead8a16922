/** Owns `--wait`: following an object from its creation to READY or ERROR. */
import type { ApiClient } from './client.ts'
import { Failure } from './failure.ts'
import type { FlagTable } from './flag.ts'
import { type JsonObject, objectOf, textOf, textsOf } from './format/json.ts'
import type { Io } from './io.ts'
import type { Resource } from './resources.ts'

export const waitFlag = {
  wait: { kind: 'toggle', summary: 'return when it is READY; fail when it ends in ERROR' },
} as const satisfies FlagTable

export interface Wait {
  readonly client: ApiClient
  readonly io: Io
  readonly resource: Resource
  readonly name: string
}

const firstPauseMs = 50
const longestPauseMs = 1000

/** Throws Failure with the object's reason when it ends in ERROR. Kinds without a status are READY at once. */
export async function waitUntilReady({ client, io, resource, name }: Wait): Promise<JsonObject> {
  for (let pauseMs = firstPauseMs; !io.interrupted.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const object = objectOf(await client.request({ method: 'GET', path: [...resource.path, name] }))
    const status = textOf(object.status) || 'READY'
    if (status === 'READY') return object
    if (status === 'ERROR')
      throw new Failure(`${resource.deletedLabel} ${name} ended in ERROR: ${textsOf(object.reason).join('; ')}`)
    await io.pause(pauseMs)
  }
  throw new Failure(`interrupted while waiting for ${resource.deletedLabel} ${name}`)
}
