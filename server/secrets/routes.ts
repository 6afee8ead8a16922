/** REST operations on secrets. They have no life cycle: what is stored counts from the next run on. */
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { renderSecret, type Secret, type SecretBody, secretBody, shownSecret, storedValues } from './schema.ts'

export interface SecretRouteDependencies extends KindContext {
  secrets: Collection<Secret>
}

export const createSecretOperations = ({ secrets, ...context }: SecretRouteDependencies): Operation[] =>
  createResourceOperations<Secret, SecretBody>(
    {
      kind: 'Secret',
      path: '/v1/secret',
      parameter: 'secretName',
      operationIds: {
        create: 'addSecret',
        list: 'getSecrets',
        get: 'getSecret',
        replace: 'updateSecret',
        remove: 'deleteSecret',
      },
      words: { one: 'a secret', many: 'secrets' },
      bodySchema: secretBody,
      shownSchema: shownSecret,
      notes: { replace: 'Counts from the next run on.' },
      entities: secrets,
      firstStatus: 'READY',
      statusCodes: { replace: 201, remove: 204 },
      draft: (_, body) => ({ complete: common => ({ ...common, values: storedValues(body.secrets ?? {}) }) }),
      render: renderSecret,
    },
    context,
  )
