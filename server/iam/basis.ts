/** What a login rests on, so that all that came of it ends with that: its ticket, its device, its session. */
import { dispatchError } from '../core/errors.ts'
import type { LoggedIn } from './session-schema.ts'
import type { User } from './user-schema.ts'

/** Another one for a user of the same name that was made again, and for each password of a user. */
export const basisOf = ({ id, passwordId = '' }: User): string => `${id} ${passwordId}`

/** Whether it still counts. */
export type Stands = (who: LoggedIn) => Promise<boolean>

/** An issuer vouches for users of its own, who need not be known here. */
export const createStands =
  (findUser: (name: string) => Promise<User | undefined>): Stands =>
  async ({ user, basis }) => {
    if (basis === undefined) return true
    const found = await findUser(user)
    return found !== undefined && basisOf(found) === basis
  }

/** Throws the DispatchError LOGIN_REFUSED where there is another user or password by now. */
export function checkBasis(user: User | undefined, { basis }: LoggedIn): User {
  if (!user || basisOf(user) !== basis) throw dispatchError('LOGIN_REFUSED', {})
  return user
}
