/** Owns what all `create KIND` commands end with: the request, then one line or the object. */

import type { JsonObject } from '../format/json.ts'
import type { Io } from '../io.ts'
import { renderObject } from '../output.ts'
import type { Resource } from '../resources.ts'
import type { Session } from '../session.ts'
import { type Patience, waitUntilReady } from '../wait.ts'

export interface Creation {
  readonly session: Session
  readonly io: Io
  readonly resource: Resource
  readonly body: JsonObject
  /** `Created function: hello`. */
  readonly line: string
  /** Given, the object is waited for. */
  readonly patience: Patience | undefined
}

/** The tag by which `-a` marks an object. */
export const applicationTags = (application: string): JsonObject[] =>
  application === '' ? [] : [{ key: 'Application', value: application }]

export async function createObject({ session, io, resource, body, line, patience }: Creation): Promise<number> {
  const { output } = await session.settings()
  const client = await session.client()
  const created = await client.request({ method: 'POST', path: resource.path, body })
  if (output === 'table') session.print(line)
  const shown = patience ? await waitUntilReady({ session, io, resource, name: String(body.name), patience }) : created
  if (output !== 'table') io.stdout.write(await renderObject(shown, resource.model, output))
  return 0
}
