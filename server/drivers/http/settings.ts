/** The settings of the driver `http`. */
import { type Endpoint, endpointKey, parseEndpoint, parseSettings, SettingsFault } from '../settings.ts'

export interface WebhookSettings {
  endpoint: Endpoint
  eventType: string
  /** Header whose value is appended to the type, lower case; '' for none. */
  typeHeader: string
  /** Header with the id of the event, lower case; '' when each gets a random one. */
  idHeader: string
  /** Header with the signature, lower case. */
  signatureHeader: string
  source: string
  /** What senders sign with; '' when anybody may send. */
  secret: string
}

const defaults = {
  'event-type': 'http.post',
  'event-type-header': '',
  'id-header': '',
  'signature-header': 'x-hub-signature-256',
  source: 'http',
}
const headerName = /^[!#$%&'*+.^_`|~0-9a-zA-Z-]*$/

/** Throws SettingsFault. */
export function loadSettings(argv: readonly string[], env: NodeJS.ProcessEnv): WebhookSettings {
  const given = parseSettings(argv, [...Object.keys(defaults), endpointKey])
  const read = (key: keyof typeof defaults): string => given.get(key) || defaults[key]
  const headerOf = (key: keyof typeof defaults): string => {
    const name = read(key)
    if (!headerName.test(name)) throw new SettingsFault(`${key} is "${name}", which is no name of a header`)
    return name.toLowerCase()
  }
  const eventType = read('event-type')
  if (!/^[\w.-]{1,64}$/.test(eventType))
    throw new SettingsFault(`event-type is "${eventType}": up to 64 letters, numbers, dots, dashes and underscores`)
  return {
    endpoint: parseEndpoint(given, env),
    eventType,
    typeHeader: headerOf('event-type-header'),
    idHeader: headerOf('id-header'),
    signatureHeader: headerOf('signature-header'),
    source: read('source'),
    secret: env.WEBHOOK_SECRET ?? '',
  }
}
