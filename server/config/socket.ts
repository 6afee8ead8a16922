/** Where the local socket is: the way to the API for those whom this machine lets open it. */
import { resolve } from 'node:path'
import { ConfigError } from './error.ts'

export interface SocketPlace {
  /** Absolute. */
  path: string
  /** Nobody asked for it: where it cannot be, the server does without. */
  isDefault: boolean
}

const defaultPath = '/run/dispatch/api.sock'
/** Of `sun_path`, without the NUL behind it. */
const maxPathBytes = 107

/** undefined: there is none. Throws ConfigError. */
export function parseSocket(value: string, cwd: string): SocketPlace | undefined {
  if (value === 'none') return undefined
  if (value === '') return { path: defaultPath, isDefault: true }
  const path = resolve(cwd, value)
  if (Buffer.byteLength(path) > maxPathBytes)
    throw new ConfigError(
      `socket: "${path}" is longer than the ${maxPathBytes} bytes that a socket may have; choose a shorter path, or none`,
    )
  return { path, isDefault: false }
}
