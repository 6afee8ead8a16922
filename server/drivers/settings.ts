/** What a driver's program is started with: --key=value or --key, as the server hands it out. */

/** The program cannot run with what it was given; the text says what to change. */
export class SettingsFault extends Error {
  override readonly name = 'SettingsFault'
}

/** What every program gets. */
export interface Endpoint {
  host: string
  port: number
  token: string
}

/** Throws SettingsFault for what is no setting, and for one that is not among `known`. */
export function parseSettings(argv: readonly string[], known: readonly string[]): Map<string, string> {
  const settings = new Map<string, string>()
  for (const word of argv) {
    const [, key = '', value = ''] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    if (!known.includes(key)) throw new SettingsFault(`unknown setting ${key || word}: there are ${known.join(', ')}`)
    settings.set(key, value)
  }
  return settings
}

export const endpointKey = 'dispatch-api-endpoint'

export function parseEndpoint(settings: ReadonlyMap<string, string>, env: NodeJS.ProcessEnv): Endpoint {
  const [, host, port] = /^(.+):(\d+)$/.exec(settings.get(endpointKey) ?? '') ?? []
  if (host === undefined) throw new SettingsFault(`${endpointKey} must be HOST:PORT`)
  return { host, port: Number(port), token: env.AUTH_TOKEN ?? '' }
}
