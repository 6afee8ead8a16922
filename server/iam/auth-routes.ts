/** What tells a client, or a proxy before this server, whether credentials are good. */
import { Type } from '@sinclair/typebox'
import { permissionOf } from '../core/access.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import type { Authorize } from './authorize.ts'

const answers = {
  200: {
    description: 'A word of welcome',
    schema: Type.Object({ message: Type.String({ description: 'The same each time' }) }, { title: 'Message' }),
  },
}
const root = 'Default Root Page'
const home = 'Home Page, You have already logged in'

const methods = { GET: 'GET', POST: 'POST', PUT: 'PUT', PATCH: 'PUT', DELETE: 'DELETE' } as const
type AskedMethod = keyof typeof methods
const isMethod = (text: string): text is AskedMethod => Object.hasOwn(methods, text)

/** Of paths with fewer than two segments it only matters who asks; what is none takes the right to everything. */
function accessOf(method: string, path: string) {
  const { pathname } = URL.parse(path, 'http://localhost') ?? { pathname: '/v1/*' }
  const permission = permissionOf(isMethod(method) ? methods[method] : 'GET', pathname)
  return permission.resource === '' ? ('known' as const) : permission
}

export const createAuthOperations = (authorize: Authorize): Operation[] => [
  operation({
    id: 'root',
    group: 'access',
    method: 'GET',
    path: '/',
    summary: 'See that the server answers',
    answers,
    access: 'public',
    handle: async () => jsonReply(200, { message: root }),
  }),
  operation({
    id: 'home',
    group: 'access',
    method: 'GET',
    path: '/home',
    summary: 'See that credentials are good',
    answers,
    access: 'known',
    handle: async () => jsonReply(200, { message: home }),
  }),
  operation({
    id: 'auth',
    group: 'access',
    method: 'GET',
    path: '/v1/iam/auth',
    summary: 'Ask whether a request would be let in',
    description:
      'For a proxy in front of the server: X-Original-Method and X-Auth-Request-Redirect are the method and the path of the request. The answer tells in X-Dispatch-Org which organization it is about.',
    answers: { 202: { description: 'It would' } },
    errors: ['FORBIDDEN', 'NO_ORGANIZATION', 'ORGANIZATION_UNNAMED'],
    access: 'known',
    anyOrganization: true,
    handle: async ({ principal, header }) => {
      const access = accessOf(header('x-original-method'), header('x-auth-request-redirect'))
      const asked = { access, org: header('x-dispatch-org'), organization: 'existing' } as const
      const org = await authorize(principal, asked)
      return { status: 202, headers: { 'x-dispatch-org': org } }
    },
  }),
]
