/** Owns the columns of tables: how each cell follows from an object, and from where the command line points. */
import type { Settings } from './config/settings.ts'
import { renderDate, type Zone } from './format/dates.ts'
import { rule } from './format/iam-models.ts'
import { integerOf, type JsonObject, objectsOf, renderJson, textOf, textsOf } from './format/json.ts'
import { shape } from './format/model.ts'
import { renderHost } from './http/host.ts'

/** What cells need to know besides the object. */
export interface View extends Pick<Settings, 'host' | 'apiPorts' | 'isWide'> {
  readonly zone: Zone
}

export interface Column {
  readonly title: string
  /** Several lines are several lines of the cell. */
  cell(object: JsonObject, view: View): string
}

export const text = (title: string, key: string): Column => ({ title, cell: object => textOf(object[key]) })
export const toggle = (title: string, key: string): Column => ({ title, cell: object => String(object[key] === true) })
export const texts = (title: string, key: string, separator: string): Column => ({
  title,
  cell: object => textsOf(object[key]).join(separator),
})

export const name = text('NAME', 'name')
export const status = text('STATUS', 'status')
/** Of Unix seconds; `absent` stands where there are none. */
export const time = (title: string, key: string, absent: string): Column => ({
  title,
  cell: (object, { zone }) => (object[key] ? renderDate(integerOf(object[key]), zone) : absent),
})
export const created: Column = {
  title: 'CREATED DATE',
  cell: (object, { zone }) => renderDate(integerOf(object.createdTime), zone),
}
export const hidden: Column = {
  title: 'CONTENT',
  cell: ({ status: fault, reason }) =>
    textOf(fault) === 'ERROR' ? `ERROR: ${textsOf(reason).join(', ')}` : '<hidden>',
}

const standardPorts: Readonly<Record<string, number>> = { http: 80, https: 443 }

function renderOrigin(protocol: string, host: string, { apiPorts }: View): string {
  const port = apiPorts[protocol]
  const suffix = port === undefined || port === standardPorts[protocol] ? '' : `:${port}`
  return `${protocol}://${renderHost(host)}${suffix}`
}

/** Every address at which the gateway serves an API: of its own hosts, or of the one that the command line talks to. */
export const apiAddresses: Column = {
  title: 'PATH',
  cell(api, view) {
    const own = textsOf(api.hosts)
    const hosts = own.length > 0 ? own : [view.host]
    const protocols = textsOf(api.protocols)
    const origins = protocols.flatMap(protocol => hosts.map(host => renderOrigin(protocol, host, view)))
    return textsOf(api.uris)
      .flatMap(uri => origins.map(origin => origin + uri))
      .join('\n')
  },
}

export const driverConfig: Column = {
  title: 'CONFIG',
  cell: ({ config }) =>
    objectsOf(config)
      .map(({ key, value }) => (textOf(value) === '' ? textOf(key) : `${textOf(key)}=${textOf(value)}`))
      .join('\n'),
}

/** A driver that listens everywhere is reached where its server is. */
export const driverUrl: Column = {
  title: 'URL',
  cell: ({ url }, { host }) => textOf(url).replace('0.0.0.0', () => renderHost(host)),
}

export const policyRules: Column = {
  title: 'RULES',
  cell: ({ rules }) =>
    objectsOf(rules)
      .map(entry => renderJson(shape(rule, entry, 'json'), 2))
      .join('\n'),
}
