/** Sessions at work: opened by a login, found by their token, ended by time, by their user, or with their user. */
import { randomBytes } from 'node:crypto'
import { amend } from '../core/amend.ts'
import type { Ids } from '../core/clock.ts'
import { tokenPrefixes } from '../core/credentials.ts'
import { digestOf } from '../core/digest.ts'
import { dispatchError } from '../core/errors.ts'
import { kindLabels } from '../core/kind-labels.ts'
import type { Log } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import type { Stands } from './basis.ts'
import { everywhere } from './everywhere.ts'
import type { LoggedIn, Session } from './session-schema.ts'

export interface SessionLimits {
  lifetimeMs: number
  idleMs: number
  /** Of one user: the one that was not used for the longest time makes room. */
  maxOfUser: number
}

export const sessionLimits: SessionLimits = {
  lifetimeMs: 7 * 24 * 3600_000,
  idleMs: 24 * 3600_000,
  maxOfUser: 50,
}

/** Writing down each use would cost a write for each request. */
const useStepMs = 60_000

export const sessionPrefix = tokenPrefixes.session

export interface NewSession extends LoggedIn {
  address: string
}

export interface OpenedSession {
  user: string
  token: string
  expiresTimeSeconds: number
}

export interface FoundSession {
  id: string
  user: string
  /** By then it has to be looked up again: it may be over, and its use has to be seen. */
  untilMs: number
}

export interface Sessions {
  start(): Promise<void>
  /** Throws the DispatchError LOGIN_REFUSED where the login does not count any more. */
  open(session: NewSession): Promise<OpenedSession>
  find(token: string): Promise<FoundSession | undefined>
  listOf(user: string): Session[]
  /** False: the user has none of that id. */
  end(user: string, id: string): Promise<boolean>
  endAllOf(user: string): Promise<number>
}

export interface SessionDependencies {
  sessions: Collection<Session>
  nowMs(): number
  ids: Ids
  log: Log
  stands: Stands
  limits?: SessionLimits
}

const secondsOfMs = (timeMs: number): number => Math.floor(timeMs / 1000)

export function createSessions(deps: SessionDependencies): Sessions {
  const { sessions, nowMs, ids, log, stands, limits = sessionLimits } = deps
  const byName = new Map<string, Session>()

  const endMsOf = ({ expiresTimeSeconds, lastUsedTimeSeconds }: Session): number =>
    Math.min(expiresTimeSeconds * 1000, lastUsedTimeSeconds * 1000 + limits.idleMs + useStepMs)

  const remove = async ({ name }: Session): Promise<void> => {
    byName.delete(name)
    await sessions.remove(everywhere, name)
  }
  /** Nobody waits for it: what is left over after a failure is over by its time. */
  const removeLater = (session: Session): void => {
    remove(session).catch(thrown => log.error({ err: thrown }, 'a session that is over could not be removed'))
  }
  const use = (session: Session): void => {
    if (nowMs() - session.lastUsedTimeSeconds * 1000 < useStepMs) return
    const lastUsedTimeSeconds = secondsOfMs(nowMs())
    byName.set(session.name, { ...session, lastUsedTimeSeconds })
    const change = (held: Session | undefined): Session => {
      if (!held) throw dispatchError('NOT_FOUND', { kind: kindLabels.Session, name: session.id })
      return { ...held, lastUsedTimeSeconds }
    }
    amend(sessions, session, change).catch(thrown => {
      // It may have ended in the meantime.
      if (byName.has(session.name)) log.error({ err: thrown }, 'the use of a session could not be written down')
    })
  }
  const listOf = (user: string): Session[] =>
    [...byName.values()].filter(session => session.user === user && endMsOf(session) > nowMs())

  const sweep = (): void => {
    for (const session of byName.values()) if (endMsOf(session) <= nowMs()) removeLater(session)
  }
  const makeRoom = (user: string): void => {
    const byUse = listOf(user).sort((a, b) => a.lastUsedTimeSeconds - b.lastUsedTimeSeconds)
    for (const session of byUse.slice(0, Math.max(0, byUse.length + 1 - limits.maxOfUser))) removeLater(session)
  }
  const create = (token: string, { user, method, address, basis }: NewSession): Session => {
    const nowSeconds = secondsOfMs(nowMs())
    return {
      ...{
        id: ids.uuid(),
        org: everywhere,
        name: digestOf(token),
        revision: 0,
        status: 'READY',
        reason: null,
        tags: null,
      },
      ...{ createdTimeSeconds: nowSeconds, modifiedTimeSeconds: nowSeconds, lastUsedTimeSeconds: nowSeconds },
      ...{
        user,
        method,
        address,
        ...(basis !== undefined && { basis }),
        expiresTimeSeconds: secondsOfMs(nowMs() + limits.lifetimeMs),
      },
    }
  }

  return {
    start: async () => {
      for (const session of await sessions.list(everywhere)) byName.set(session.name, session)
      sweep()
    },
    open: async wanted => {
      if (!(await stands(wanted))) throw dispatchError('LOGIN_REFUSED', {})
      sweep()
      makeRoom(wanted.user)
      const token = sessionPrefix + randomBytes(32).toString('base64url')
      const session = await sessions.create(create(token, wanted))
      byName.set(session.name, session)
      return { user: wanted.user, token, expiresTimeSeconds: session.expiresTimeSeconds }
    },
    find: async token => {
      const name = digestOf(token)
      const known = byName.get(name)
      // It may have been opened while its user got another password or was removed, or the server died just then.
      const isGood = known !== undefined && endMsOf(known) > nowMs() && (await stands(known))
      // By now it may have ended.
      const session = byName.get(name)
      if (!session) return undefined
      if (!isGood) {
        removeLater(session)
        return undefined
      }
      use(session)
      return { id: session.id, user: session.user, untilMs: Math.min(endMsOf(session), nowMs() + useStepMs) }
    },
    listOf,
    end: async (user, id) => {
      const session = listOf(user).find(each => each.id === id)
      if (session) await remove(session)
      return session !== undefined
    },
    endAllOf: async user => {
      const own = [...byName.values()].filter(session => session.user === user)
      await Promise.all(own.map(remove))
      return own.length
    },
  }
}
