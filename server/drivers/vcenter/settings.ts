/** The settings of the driver `vcenter`. */
import { type Endpoint, endpointKey, parseEndpoint, parseSettings, SettingsFault } from '../settings.ts'

export interface VcenterSettings {
  endpoint: Endpoint
  url: URL
  user: string
  password: string
  /** Of its certificate, SHA-1 or SHA-256 in lower-case hexadecimal; '': an authority that Node knows must have signed it. */
  thumbprint: string
  source: string
  pollMs: number
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:')
    throw new SettingsFault(`url is "${text}": write for example https://vcenter.local/sdk`)
  return url
}

function parseThumbprint(text: string): string {
  const digits = text.replace(/[:\s]/g, '').toLowerCase()
  if (/^([0-9a-f]{40}|[0-9a-f]{64})?$/.test(digits)) return digits
  throw new SettingsFault('vcenter-thumbprint is no SHA-1 or SHA-256 of a certificate in hexadecimal')
}

/** Throws SettingsFault. */
export function loadSettings(argv: readonly string[], env: NodeJS.ProcessEnv): VcenterSettings {
  const given = parseSettings(argv, ['url', 'source', 'poll-seconds', endpointKey])
  const { VCENTER_USER: user = '', VCENTER_PASSWORD: password = '', VCENTER_THUMBPRINT: thumbprint = '' } = env
  if (user === '' || password === '')
    throw new SettingsFault('a secret with the keys vcenter-user and vcenter-password is needed')
  const url = parseUrl(given.get('url') ?? '')
  const pollSeconds = given.get('poll-seconds') || '5'
  if (!/^[1-9]\d{0,3}$/.test(pollSeconds)) throw new SettingsFault(`poll-seconds is "${pollSeconds}": write 1 to 9999`)
  return {
    endpoint: parseEndpoint(given, env),
    url,
    user,
    password,
    thumbprint: parseThumbprint(thumbprint),
    source: given.get('source') || url.href,
    pollMs: Number(pollSeconds) * 1000,
  }
}
