/** Logins of what has no browser: it shows a short code, somebody who is logged in elsewhere allows it (RFC 8628). */
import { randomBytes, randomInt } from 'node:crypto'
import { digestOf } from '../../core/digest.ts'
import { busyError } from '../../core/errors.ts'
import { keyOfAddress } from '../lockout.ts'
import type { LoggedIn } from '../session-schema.ts'

/** Without vowels, so that no words come of it, and without what is taken for something else. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const codeLength = 8
const lifetimeMs = 10 * 60_000
export const pollSeconds = 2
const maxWaiting = 200
const maxOfAddress = 20

export interface BegunDevice {
  deviceCode: string
  userCode: string
  expiresInSeconds: number
}

export interface WaitingDevice {
  userCode: string
  address: string
}

export type DeviceState = { is: 'waiting' } | { is: 'over' } | { is: 'allowed'; who: LoggedIn; address: string }

export interface Devices {
  begin(address: string): BegunDevice
  find(userCode: string): WaitingDevice | undefined
  /** Without anybody it is refused. False when there is nothing to decide any more. */
  decide(userCode: string, who: LoggedIn | undefined): boolean
  /** Once it is allowed or refused, that is told once. */
  poll(deviceCode: string): DeviceState
}

interface Kept extends WaitingDevice {
  untilMs: number
  state: DeviceState
}

const createUserCode = (): string => {
  const code = Array.from({ length: codeLength }, () => letters[randomInt(letters.length)]).join('')
  return `${code.slice(0, codeLength / 2)}-${code.slice(codeLength / 2)}`
}

/** As it was shown, whatever somebody made of it when typing. */
export function parseUserCode(text: string): string {
  const code = text.toUpperCase().replaceAll(/[^A-Z]/g, '')
  return `${code.slice(0, codeLength / 2)}-${code.slice(codeLength / 2)}`
}

export const isUserCode = (text: string): boolean => /^[A-Z]{4}-[A-Z]{4}$/.test(text)

export function createDevices(nowMs: () => number): Devices {
  const kept = new Map<string, Kept>()
  const sweep = (): void => {
    for (const [hash, { untilMs }] of kept) if (untilMs <= nowMs()) kept.delete(hash)
  }
  const findWaiting = (userCode: string): Kept | undefined => {
    sweep()
    return [...kept.values()].find(each => each.userCode === userCode && each.state.is === 'waiting')
  }
  return {
    begin: address => {
      sweep()
      const key = keyOfAddress(address)
      const ofAddress = [...kept.values()].filter(each => keyOfAddress(each.address) === key).length
      if (kept.size >= maxWaiting || ofAddress >= maxOfAddress)
        throw busyError('too many devices wait for a login already', 60)
      const deviceCode = randomBytes(32).toString('base64url')
      const userCode = createUserCode()
      kept.set(digestOf(deviceCode), { userCode, address, untilMs: nowMs() + lifetimeMs, state: { is: 'waiting' } })
      return { deviceCode, userCode, expiresInSeconds: lifetimeMs / 1000 }
    },
    find: findWaiting,
    decide: (userCode, who) => {
      const found = findWaiting(userCode)
      if (!found) return false
      found.state = who ? { is: 'allowed', who, address: found.address } : { is: 'over' }
      return true
    },
    poll: deviceCode => {
      sweep()
      const found = kept.get(digestOf(deviceCode))
      if (!found) return { is: 'over' }
      if (found.state.is !== 'waiting') kept.delete(digestOf(deviceCode))
      return found.state
    },
  }
}
