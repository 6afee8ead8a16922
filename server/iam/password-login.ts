/** A login with user and password: whoever is refused learns nothing but that. */
import { amend } from '../core/amend.ts'
import { dispatchError } from '../core/errors.ts'
import type { Collection } from '../store/port.ts'
import { everywhere } from './everywhere.ts'
import type { Lockout } from './lockout.ts'
import type { Passwords } from './passwords.ts'
import type { User } from './user-schema.ts'

export interface PasswordLoginDependencies {
  users: Collection<User>
  passwords: Passwords
  lockout: Lockout
}

export interface Attempt {
  user: string
  password: string
  address: string
}

/** Resolves when the password is the user's; otherwise throws the DispatchError LOGIN_REFUSED or LOCKED_OUT. */
export type PasswordLogin = (attempt: Attempt) => Promise<void>

export function createPasswordLogin({ users, passwords, lockout }: PasswordLoginDependencies): PasswordLogin {
  const renew = async (user: User, password: string): Promise<void> => {
    if (user.passwordHash === undefined || !passwords.isOutdated(user.passwordHash)) return
    const passwordHash = await passwords.hash(password)
    const change = (held: User | undefined): User => {
      if (!held || held.passwordHash !== user.passwordHash) throw dispatchError('LOGIN_REFUSED', {})
      return { ...held, passwordHash }
    }
    await amend(users, { org: everywhere, name: user.name }, change)
  }
  const check = async ({ user: name, password }: Attempt): Promise<true | undefined> => {
    const user = await users.get(everywhere, name)
    if (!(await passwords.verify(password, user?.passwordHash))) return undefined
    if (user) await renew(user, password)
    return true
  }
  return async attempt => {
    const isRight = await lockout.attempt(attempt, () => check(attempt))
    if (!isRight) throw dispatchError('LOGIN_REFUSED', {})
  }
}

/** Whom a body or a form names, for the audit log. */
export const triedUser = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'user' in body ? String(body.user) : ''
