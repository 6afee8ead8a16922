/** REST operations on users, who belong to the server and to no organization. */
import { Type } from '@sinclair/typebox'
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { checkPassword } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import type { Sessions } from './sessions.ts'
import { renderUser, shownUser, type User, type UserBody, userBody, userName } from './user-schema.ts'

export interface UserRouteDependencies extends KindContext {
  users: Collection<User>
  passwords: Passwords
  sessions: Pick<Sessions, 'endAllOf'>
}

const managed = 'Takes a policy that is global, since users belong to the whole server.'

export function createUserOperations({ users, passwords, sessions, ...context }: UserRouteDependencies): Operation[] {
  const passwordOf = async ({ name, password }: UserBody) => {
    if (password === undefined) return undefined
    checkPassword(password, name)
    return passwords.make(password)
  }
  return createResourceOperations<User, UserBody>(
    {
      kind: 'User',
      path: '/v1/iam/user',
      parameter: 'userName',
      pathSchema: Type.Object({ userName }),
      anyOrganization: true,
      operationIds: {
        create: 'addUser',
        list: 'getUsers',
        get: 'getUser',
        replace: 'updateUser',
        remove: 'deleteUser',
      },
      words: { one: 'a user', many: 'users' },
      bodySchema: userBody,
      shownSchema: shownUser,
      notes: {
        create: managed,
        list: managed,
        get: managed,
        replace: `${managed} Without a password the present one stays; a new one ends all sessions of the user.`,
        remove: `${managed} Ends all sessions of the user.`,
      },
      errors: {
        create: ['WEAK_PASSWORD', 'BUSY'],
        get: ['SEAL_BROKEN'],
        replace: ['WEAK_PASSWORD', 'BUSY', 'SEAL_BROKEN'],
      },
      entities: users,
      firstStatus: 'READY',
      draft: async (_, body) => {
        const made = await passwordOf(body)
        return {
          complete: (common, held) => ({ ...held, ...common, ...made }),
          around: async write => {
            const written = await write()
            if (made) await sessions.endAllOf(body.name)
            return written
          },
        }
      },
      render: renderUser,
      renderRemoved: entity => ({ ...renderUser(entity), status: 'DELETING' }),
    },
    context,
  )
}
