/** A login with user and password: whoever is refused learns nothing but that. */
import { amend } from '../core/amend.ts'
import type { AuditNote } from '../core/audit.ts'
import { dispatchError } from '../core/errors.ts'
import type { Collection } from '../store/port.ts'
import { basisOf } from './basis.ts'
import { everywhere } from './everywhere.ts'
import type { Lockout } from './lockout.ts'
import type { Passwords } from './passwords.ts'
import type { LoggedIn } from './session-schema.ts'
import { maxNameLength, maxPasswordLength, type User } from './user-schema.ts'

export interface PasswordLoginDependencies {
  users: Collection<User>
  passwords: Passwords
  lockout: Lockout
}

export interface Attempt {
  user: string
  password: string
  address: string
  /** Told for the audit log: which user it is about, and that it was him. */
  note(known: AuditNote): void
}

/** In the audit log in the place of a name that is no user's, since people type passwords there; no user can be called so. */
const unknownUser = '(unknown user)'

/** Throws the DispatchError LOGIN_REFUSED or LOCKED_OUT unless the password is the user's. */
export type PasswordLogin = (attempt: Attempt) => Promise<LoggedIn>

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
  const check = async ({ user: name, password }: Attempt, user: User | undefined): Promise<LoggedIn | undefined> => {
    if (!(await passwords.verify(password, user?.passwordHash)) || !user) return undefined
    await renew(user, password)
    // Of the user as it was before: by now it may have another password, or be gone.
    return { user: name, method: 'password', basis: basisOf(user) }
  }
  return async attempt => {
    // Forms have no schema; names that nobody has must not fill the memory.
    if (attempt.user.length > maxNameLength || attempt.password.length > maxPasswordLength)
      throw dispatchError('LOGIN_REFUSED', {})
    const user = await users.get(everywhere, attempt.user)
    attempt.note({ name: user?.name ?? unknownUser })
    const who = await lockout.attempt(attempt, () => check(attempt, user))
    if (!who) throw dispatchError('LOGIN_REFUSED', {})
    attempt.note({ principal: { kind: 'user', subject: who.user } })
    return who
  }
}
