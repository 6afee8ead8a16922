/** Owns what all `create KIND` commands end with: the request, then one line or the object. */

import type { Invocation } from '../command.ts'
import type { JsonObject } from '../format/json.ts'
import { renderObject } from '../output.ts'
import type { Resource } from '../resources.ts'
import { startPatience, waitUntilReady } from '../wait.ts'

/** The tag by which `-a` marks an object. */
export const applicationTags = (application: string): JsonObject[] =>
  application === '' ? [] : [{ key: 'Application', value: application }]

/** For kinds whose requests have never had an empty list there. */
export const tagsOrNull = (application: string): JsonObject[] | null =>
  application === '' ? null : applicationTags(application)

/** With --wait the object is waited for. */
export async function createObject(
  { session, io, flags }: Pick<Invocation, 'session' | 'io' | 'flags'>,
  resource: Resource,
  body: JsonObject & { name: string },
): Promise<number> {
  const { output } = await session.settings()
  const client = await session.client()
  const patience = startPatience(flags, io)
  const created = await client.request({ method: 'POST', path: resource.path, body })
  if (output === 'table') session.report(`${resource.createdText}: ${body.name}`)
  const shown = patience ? await waitUntilReady({ session, io, resource, name: body.name, patience }) : created
  if (output !== 'table') io.stdout.write(await renderObject(shown, resource.model, output))
  return 0
}
