/** REST operations on secrets. They have no life cycle: what is stored counts from the next run on. */
import { Type } from '@sinclair/typebox'
import { amend } from '../core/amend.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { hasTags } from '../core/tags.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf, tagFilter } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { renderSecret, type Secret, secretBody, storedValues } from './schema.ts'

export interface SecretRouteDependencies {
  secrets: Collection<Secret>
  clock: Clock
  ids: Ids
}

const collection = '/v1/secret'
const item = `${collection}/{secretName}`
const pathSchema = pathOf('secretName')

const missing = (name: string) => dispatchError('NOT_FOUND', { kind: 'secret', name })

function present(name: string, found: Secret | undefined): Secret {
  if (!found) throw missing(name)
  return found
}

export function createSecretOperations({ secrets, clock, ids }: SecretRouteDependencies): Operation[] {
  return [
    operation({
      id: 'addSecret',
      method: 'POST',
      path: collection,
      summary: 'Add a secret',
      bodySchema: secretBody,
      handle: async ({ org, body }) => {
        const entity = { ...createEntity(org, body, { ...clock, ...ids }), status: 'READY' as const }
        return jsonReply(
          201,
          renderSecret(await secrets.create({ ...entity, values: storedValues(body.secrets ?? {}) })),
        )
      },
    }),
    operation({
      id: 'getSecrets',
      method: 'GET',
      path: collection,
      summary: 'List secrets',
      querySchema: Type.Object({ tags: tagFilter }),
      handle: async ({ org, tags }) => {
        const found = (await secrets.list(org)).filter(entity => hasTags(entity, tags))
        return jsonReply(200, found.map(renderSecret))
      },
    }),
    operation({
      id: 'getSecret',
      method: 'GET',
      path: item,
      summary: 'Get a secret',
      pathSchema,
      handle: async ({ org, path: { secretName: name = '' } }) =>
        jsonReply(200, renderSecret(present(name, await secrets.get(org, name)))),
    }),
    operation({
      id: 'updateSecret',
      method: 'PUT',
      path: item,
      summary: 'Replace a secret',
      pathSchema,
      bodySchema: secretBody,
      handle: async ({ org, path: { secretName: name = '' }, body }) => {
        const values = storedValues(body.secrets ?? {})
        const updated = await amend(secrets, { org, name }, current => {
          const entity = present(name, current)
          checkSameName(name, body.name)
          const modifiedTimeSeconds = secondsOf(clock.nowNs())
          return { ...entity, values, tags: normalizeTags(body.tags), modifiedTimeSeconds }
        })
        return jsonReply(201, renderSecret(updated))
      },
    }),
    operation({
      id: 'deleteSecret',
      method: 'DELETE',
      path: item,
      summary: 'Delete a secret',
      pathSchema,
      handle: async ({ org, path: { secretName: name = '' } }) => {
        if (!(await secrets.remove(org, name))) throw missing(name)
        return { status: 204 }
      },
    }),
  ]
}
