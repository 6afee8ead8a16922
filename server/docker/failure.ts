/** Turns what the client of Docker throws into errors that say what failed, why, and what to do next. */
import { BuildError } from './port.ts'

const advice: Record<string, string> = {
  ENOENT: 'is not running: start it (systemctl start docker), or set DOCKER_HOST to where it listens',
  ECONNREFUSED: 'is not running: start it (systemctl start docker), or set DOCKER_HOST to where it listens',
  EACCES: 'does not let this user in: add the user to the group "docker", or run as root',
}

/** The HTTP status of Docker's answer; undefined when there was no answer. */
export const dockerStatusOf = (thrown: unknown): number | undefined => numberIn(thrown, 'statusCode')

/** `action` completes "Docker could not ...". A failed build speaks for itself. */
export function dockerFailure(action: string, url: string, thrown: unknown): Error {
  if (thrown instanceof BuildError) return thrown
  const code = textIn(thrown, 'code')
  const hint = code === undefined ? undefined : advice[code]
  if (hint) return new Error(`Docker at ${url} ${hint}`, { cause: thrown })
  return new Error(`Docker could not ${action}: ${reasonOf(thrown)}`, { cause: thrown })
}

/** Docker's own words, where it said any. */
export function reasonOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'json' in thrown) {
    const message = textIn(thrown.json, 'message')
    if (message) return message.trim()
  }
  return (thrown instanceof Error ? thrown.message : String(thrown)).trim()
}

const valueIn = (thrown: unknown, key: string): unknown =>
  typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, key) : undefined

function textIn(thrown: unknown, key: string): string | undefined {
  const value = valueIn(thrown, key)
  return typeof value === 'string' ? value : undefined
}

function numberIn(thrown: unknown, key: string): number | undefined {
  const value = valueIn(thrown, key)
  return typeof value === 'number' ? value : undefined
}
