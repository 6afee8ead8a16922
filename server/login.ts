/** Logins, wired: users, their passwords and sessions, and the ways to log in. */
import type { Clock, Ids } from './core/clock.ts'
import { msOf } from './core/clock.ts'
import type { LoginProvider } from './core/login-pages.ts'
import type { Log } from './core/ports.ts'
import type { AwaitRemoval } from './core/removal.ts'
import type { Operation } from './http/operation.ts'
import { createStands } from './iam/basis.ts'
import { everywhere } from './iam/everywhere.ts'
import { createLockout, keyOfAddress } from './iam/lockout.ts'
import { createHand, type Hand } from './iam/login/browser.ts'
import { createDeviceOperations } from './iam/login/device-routes.ts'
import { createDevices } from './iam/login/devices.ts'
import { createLoginPageOperations } from './iam/login/page-routes.ts'
import { createTickets } from './iam/login/tickets.ts'
import { createPasswordLogin } from './iam/password-login.ts'
import { createPasswords, type HashParameters } from './iam/passwords.ts'
import { createSessionOperations, renderLogin } from './iam/session-routes.ts'
import type { Session } from './iam/session-schema.ts'
import { createSessions, type Sessions } from './iam/sessions.ts'
import { createUserOperations } from './iam/user-routes.ts'
import type { User } from './iam/user-schema.ts'
import type { Change, Collection } from './store/port.ts'
import { loginPages } from './ui/login-page.ts'

export interface LoginDependencies {
  users: Collection<User>
  sessions: Collection<Session>
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
  log: Log
  /** Those of today where it is left out. */
  hashParameters?: HashParameters
  providersFor?(rd: string): readonly LoginProvider[]
}

export interface Login {
  operations: readonly Operation[]
  /** On the users themselves. */
  userOperations: readonly Operation[]
  sessions: Sessions
  /** Ends a login that was done elsewhere. */
  hand: Hand
  start(): Promise<void>
  follow(change: Change): void
}

export function createLogin(deps: LoginDependencies): Login {
  const { users, clock, log, hashParameters, providersFor = () => [] } = deps
  const nowMs = () => msOf(clock.nowNs())
  const passwords = createPasswords(hashParameters)
  const stands = createStands(name => users.get(everywhere, name))
  const sessions = createSessions({ ...deps, nowMs, stands })
  const isFamiliar = (user: string, address: string): boolean =>
    sessions.listOf(user).some(known => keyOfAddress(known.address) === keyOfAddress(address))
  const lockout = createLockout(nowMs, isFamiliar)
  const hand = createHand(createTickets(nowMs))
  const logIn = createPasswordLogin({ users, passwords, lockout })
  const browser = { pages: loginPages, hand, sessions }
  return {
    ...{ sessions, hand },
    userOperations: createUserOperations({ ...deps, passwords, sessions }),
    operations: [
      ...createSessionOperations({ users, passwords, sessions, logIn }),
      ...createLoginPageOperations({ ...browser, logIn, providersFor }),
      ...createDeviceOperations({
        ...{ ...browser, renderLogin, devices: createDevices(nowMs) },
        // Apart: any page can make a browser ask for codes, and must not keep its user from logging in.
        lockout: createLockout(nowMs),
      }),
    ],
    start: () => sessions.start(),
    follow: ({ kind, org, name, removed }) => {
      if (kind !== 'User' || org !== everywhere || !removed) return
      sessions
        .endAllOf(name)
        .catch(thrown => log.error({ err: thrown }, 'sessions of a removed user could not be ended'))
    },
  }
}
