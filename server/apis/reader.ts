/** APIs as the gateway sees them: the ApiReader port. */
import type { ApiReader, ServedApi } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import { parseAuthentication } from './authentication.ts'
import type { ApiEntity } from './schema.ts'

/** Its status says nothing but that it is being deleted: an API answers from the moment at which it is stored. */
const isServed = ({ status, terms }: ApiEntity): boolean => terms.enabled && status !== 'DELETING'

function toServed({ org, name, terms }: ApiEntity): ServedApi {
  const {
    function: functionName,
    enabled: _,
    authentication: __,
    authenticationSecret: ___,
    oidc: ____,
    ...rules
  } = terms
  const authentication = parseAuthentication(terms)
  return { org, name, functionName, ...rules, ...(authentication && { authentication }) }
}

export const createApiReader = (apis: Collection<ApiEntity>): ApiReader => ({
  list: async () => (await apis.list()).filter(isServed).map(toServed),
  find: async (org, name) => {
    const entity = await apis.get(org, name)
    return entity && isServed(entity) ? toServed(entity) : undefined
  },
})
