/** Owns what commands that send one object end with: the request, then one line or the object. */

import type { ApiRequest } from '../client.ts'
import type { Invocation } from '../command.ts'
import { type Json, type JsonObject, objectsOf } from '../format/json.ts'
import { renderObject } from '../output.ts'
import type { Resource } from '../resources.ts'
import { startPatience, waitUntilReady } from '../wait.ts'

/** The tag by which `-a` marks an object. */
export const applicationTags = (application: string): JsonObject[] =>
  application === '' ? [] : [{ key: 'Application', value: application }]

/** In its place, or beside the other tags. */
export const retag = (tags: Json | undefined, application: string): Json[] => [
  ...objectsOf(tags).filter(({ key }) => key !== 'Application'),
  ...applicationTags(application),
]

/** For kinds whose requests have never had an empty list there. */
export const tagsOrNull = (application: string): JsonObject[] | null =>
  application === '' ? null : applicationTags(application)

interface Sending extends ApiRequest {
  readonly resource: Resource
  readonly body: JsonObject & { name: string }
  /** Stands before `: NAME`. */
  readonly doneText: string
}

type Part = Pick<Invocation, 'session' | 'io' | 'flags'>

/** With --wait the object is waited for. */
export async function sendObject({ session, io, flags }: Part, sending: Sending): Promise<number> {
  const { resource, doneText, ...request } = sending
  const { name } = request.body
  const { output } = await session.settings()
  const client = await session.client()
  const patience = startPatience(flags, io)
  const answer = await client.request(request)
  if (output === 'table') session.report(`${doneText}: ${name}`)
  const shown = patience ? await waitUntilReady({ session, io, resource, name, patience }) : answer
  if (output !== 'table') io.stdout.write(await renderObject(shown, resource.model, output))
  return 0
}

export const createObject = (part: Part, resource: Resource, body: JsonObject & { name: string }): Promise<number> =>
  sendObject(part, { resource, method: 'POST', path: resource.path, body, doneText: resource.createdText })
