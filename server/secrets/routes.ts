/** REST operations on secrets. They have no life cycle: what is stored counts from the next run on. */
import type { Allows } from '../core/access.ts'
import { dispatchError } from '../core/errors.ts'
import { isRecord } from '../core/json.ts'
import type { KindContext } from '../core/verbs.ts'
import type { Operation, OperationRequest } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { renderHidden, renderSecret, type Secret, type SecretBody, secretBody, shownSecret } from './schema.ts'

export interface SecretRouteDependencies extends KindContext {
  secrets: Collection<Secret>
  allows: Allows
}

const withoutValues = 'Who may not read secrets, which is a permission of its own, gets them without their values.'

type Asker = Pick<OperationRequest, 'principal' | 'org'>

/** None at all would empty it. */
const hasValues = (body: unknown): boolean =>
  isRecord(body) && isRecord(body.secrets) && Object.keys(body.secrets).length > 0

export function createSecretOperations({ secrets, allows, ...context }: SecretRouteDependencies): Operation[] {
  const seesValues = async ({ principal, org }: Asker) => allows({ principal, org, resource: 'secret', action: 'read' })
  /** Who sends back what it got without the values would empty the secret, and not know it. */
  const keepUnseen = (operation: Operation): Operation => ({
    ...operation,
    handle: async request => {
      if (hasValues(request.body) || (await seesValues(request))) return operation.handle(request)
      throw dispatchError('VALUES_UNSEEN', { name: request.path.secretName ?? '' })
    },
  })
  const operations = createResourceOperations<Secret, SecretBody>(
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
      notes: {
        list: withoutValues,
        get: withoutValues,
        replace: 'Counts from the next run on.',
      },
      entities: secrets,
      firstStatus: 'READY',
      statusCodes: { replace: 201, remove: 204 },
      draft: (_, body) => ({ complete: common => ({ ...common, values: body.secrets ?? {} }) }),
      render: renderSecret,
      rendererFor: async asker => ((await seesValues(asker)) ? renderSecret : renderHidden),
      errors: { get: ['SEAL_BROKEN'], replace: ['VALUES_UNSEEN', 'SEAL_BROKEN'] },
    },
    context,
  )
  return operations.map(each => (each.method === 'PUT' ? keepUnseen(each) : each))
}
