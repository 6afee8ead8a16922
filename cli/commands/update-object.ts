/** Owns what `update KIND NAME` ends with: values that are given change, all else stays as it is. */
import type { Invocation } from '../command.ts'
import { type JsonObject, objectOf } from '../format/json.ts'
import { shape } from '../format/model.ts'
import type { Resource } from '../resources.ts'
import { sendObject } from './create-object.ts'

export interface Update {
  readonly resource: Resource
  readonly doneText: string
  /** The fields that each flag decides, of the object as it is. */
  planFields(held: JsonObject): Readonly<Record<string, JsonObject>>
  /** Fields that do not follow from one flag alone. */
  complete?(fields: JsonObject, held: JsonObject): Promise<JsonObject>
}

export async function updateObject(invocation: Invocation, update: Update): Promise<number> {
  const { args, given, session } = invocation
  const { resource, doneText, planFields, complete } = update
  const [name = ''] = args
  const { organization } = await session.settings()
  const client = await session.client()
  const path = [...resource.path, name]
  const held = objectOf(await client.request({ method: 'GET', path }))
  const { editableOf } = await import('../documents/editable.ts')
  const changed = Object.entries(planFields(held)).filter(([flag]) => given.has(flag))
  const fields: JsonObject = {
    ...editableOf(held, { resource, organization }),
    ...Object.fromEntries(changed.flatMap(([, field]) => Object.entries(field))),
  }
  const completed = { ...fields, ...(await complete?.(fields, held)) }
  const body = { ...shape(resource.model, completed, 'json'), name }
  return sendObject(invocation, { resource, method: 'PUT', path, body, doneText })
}
