/** REST operations on service accounts. */
import type { Principal } from '../core/access.ts'
import type { KindContext } from '../core/verbs.ts'
import type { Operation, OperationRequest } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import {
  type AccountBody,
  accountBody,
  accountNameInPath,
  checkPublicKey,
  renderAccount,
  type ServiceAccount,
  shownAccount,
} from './account-schema.ts'
import type { Demand } from './authorize.ts'
import type { Decisions } from './decisions.ts'
import { guardWrites } from './guard-writes.ts'
import type { WayIn } from './way-in.ts'

export interface AccountRouteDependencies extends KindContext, Pick<Decisions, 'countsEverywhere'> {
  accounts: Collection<ServiceAccount>
  demand: Demand
  wayIn: Pick<WayIn, 'keepLastWriter'>
}

const nameIn = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'name' in body && typeof body.name === 'string' ? body.name : ''

const accountIn = ({ org, body, path }: OperationRequest): Principal => ({
  ...{ kind: 'account', org },
  subject: path.serviceAccountName ?? nameIn(body),
})

export function createAccountOperations(dependencies: AccountRouteDependencies): Operation[] {
  const { accounts, demand, wayIn, countsEverywhere, ...context } = dependencies
  const operations = createResourceOperations<ServiceAccount, AccountBody>(
    {
      kind: 'ServiceAccount',
      path: '/v1/iam/serviceaccount',
      parameter: 'serviceAccountName',
      pathSchema: accountNameInPath,
      operationIds: {
        create: 'addServiceAccount',
        list: 'getServiceAccounts',
        get: 'getServiceAccount',
        replace: 'updateServiceAccount',
        remove: 'deleteServiceAccount',
      },
      words: { one: 'a service account', many: 'service accounts' },
      bodySchema: accountBody,
      shownSchema: shownAccount,
      errors: { create: ['ACCOUNT_REFUSED'], replace: ['ACCOUNT_REFUSED'] },
      notes: { replace: 'Tokens that the former key signed are refused from the answer on.' },
      entities: accounts,
      firstStatus: 'READY',
      draft: (_, { publicKey }) => {
        checkPublicKey(publicKey)
        return { complete: common => ({ ...common, publicKey }) }
      },
      render: renderAccount,
      renderRemoved: entity => ({ ...renderAccount(entity), status: 'DELETING' }),
    },
    context,
  )
  // Whose key is whose: to give an account another one is to become it, with all that global policies allow it.
  const reachesBeyond = async (request: OperationRequest): Promise<boolean> => countsEverywhere(accountIn(request))
  return guardWrites(wayIn.keepLastWriter(operations, accountIn), { demand, reachesBeyond })
}
