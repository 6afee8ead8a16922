/** REST operations on sessions: to log in with a password, to see one's own sessions, to end them, to change one's password. */
import { Type } from '@sinclair/typebox'
import { amend } from '../core/amend.ts'
import { dispatchError } from '../core/errors.ts'
import { kindLabels } from '../core/kind-labels.ts'
import { jsonReply, type Operation, type OperationRequest, operation } from '../http/operation.ts'
import { pathOf } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { checkBasis } from './basis.ts'
import { everywhere } from './everywhere.ts'
import type { PasswordLogin } from './password-login.ts'
import { checkPassword } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import { type LoggedIn, renderSession, shownLogin, shownSession } from './session-schema.ts'
import type { OpenedSession, Sessions } from './sessions.ts'
import { maxNameLength, password, type User } from './user-schema.ts'

export interface SessionRouteDependencies {
  users: Collection<User>
  passwords: Passwords
  sessions: Sessions
  logIn: PasswordLogin
}

const loginBody = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: maxNameLength, description: 'Name of the user' }),
    password: password('The password of the user'),
  },
  { title: 'LoginBody', examples: [{ user: 'jon', password: 'winter is not coming yet' }] },
)
const passwordBody = Type.Object(
  {
    currentPassword: password('The one that counts until now'),
    password: password('The new one, with at least 12 characters'),
  },
  {
    title: 'PasswordBody',
    examples: [{ currentPassword: 'winter is not coming yet', password: 'the north remembers it all' }],
  },
)

/** Neither of an organization nor allowed by a policy: what one does with one's own. */
const own = { group: 'sessions', access: 'known', anyOrganization: true } as const

export const renderLogin = ({ user, token, expiresTimeSeconds }: OpenedSession) => ({
  user,
  token,
  expiresTime: expiresTimeSeconds,
})

/** Throws the DispatchError NO_USER for who has not logged in: somebody else may have made a token that stands for a user. */
function userOf({ principal }: Pick<OperationRequest, 'principal'>): string {
  if (principal.session === undefined) throw dispatchError('NO_USER', {})
  return principal.subject
}

const noSession = (id: string) => dispatchError('NOT_FOUND', { kind: kindLabels.Session, name: id })

export function createSessionOperations({ users, passwords, sessions, logIn }: SessionRouteDependencies): Operation[] {
  const changePassword = async (who: LoggedIn, newPassword: string): Promise<void> => {
    const made = await passwords.make(newPassword)
    await amend(users, { org: everywhere, name: who.user }, held => ({ ...checkBasis(held, who), ...made }))
    await sessions.endAllOf(who.user)
  }
  return [
    operation({
      id: 'login',
      group: 'sessions',
      method: 'POST',
      path: '/v1/iam/login',
      summary: 'Log in with user and password',
      access: 'public',
      bodySchema: loginBody,
      answers: { 200: { description: 'The session that has begun', schema: shownLogin } },
      errors: ['LOGIN_REFUSED', 'LOCKED_OUT', 'BUSY'],
      handle: async ({ body, peer: { address }, note }) => {
        const opened = await sessions.open({ ...(await logIn({ ...body, address, note })), address })
        return { ...jsonReply(200, renderLogin(opened)), headers: { 'cache-control': 'no-store' } }
      },
    }),
    operation({
      ...own,
      id: 'getSessions',
      method: 'GET',
      path: '/v1/iam/session',
      summary: "List one's own sessions",
      answers: { 200: { description: 'Those that are not over', schema: Type.Array(shownSession) } },
      errors: ['NO_USER'],
      handle: async request => jsonReply(200, sessions.listOf(userOf(request)).map(renderSession)),
    }),
    operation({
      ...own,
      id: 'logout',
      method: 'DELETE',
      path: '/v1/iam/session',
      summary: 'Log out',
      description: 'Ends the session by whose token the request came.',
      answers: { 204: { description: 'It is over' } },
      errors: ['NO_USER', 'NOT_FOUND'],
      handle: async request => {
        const id = request.principal.session ?? ''
        if (!(await sessions.end(userOf(request), id))) throw noSession(id)
        return { status: 204 }
      },
    }),
    operation({
      ...own,
      id: 'deleteSession',
      method: 'DELETE',
      path: '/v1/iam/session/{sessionId}',
      pathSchema: pathOf('sessionId', 'Its id', '41dc4d1e-0cd8-4f99-820f-745ef7d1fa21'),
      summary: "End one of one's own sessions",
      answers: { 204: { description: 'It is over' } },
      errors: ['NO_USER', 'NOT_FOUND'],
      handle: async request => {
        const id = request.path.sessionId ?? ''
        if (!(await sessions.end(userOf(request), id))) throw noSession(id)
        return { status: 204 }
      },
    }),
    operation({
      ...own,
      id: 'changePassword',
      method: 'POST',
      path: '/v1/iam/password',
      summary: "Change one's own password",
      description: 'Ends all sessions of the user, this one too.',
      bodySchema: passwordBody,
      answers: { 204: { description: 'It counts from now on' } },
      errors: ['NO_USER', 'LOGIN_REFUSED', 'LOCKED_OUT', 'WEAK_PASSWORD', 'BUSY'],
      handle: async request => {
        const user = userOf(request)
        const { currentPassword, password: newPassword } = request.body
        checkPassword(newPassword, user)
        const who = await logIn({ user, password: currentPassword, address: request.peer.address, note: request.note })
        await changePassword(who, newPassword)
        return { status: 204 }
      },
    }),
  ]
}
