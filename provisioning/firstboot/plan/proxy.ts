/** The way out by a proxy: for Docker and the server, which read one file, and for apt. */
import type { Settings } from '../settings.ts'
import { environmentOfAuthorities } from './authorities.ts'
import { type Facts, planAbsent, planSecretFile, renderLines, type Step } from './step.ts'

/** `EnvironmentFile=` of docker.service and dispatch-server.service. */
export const environmentFile = '/etc/dispatch/appliance.environment'
const aptFile = '/etc/apt/apt.conf.d/80-appliance-proxy'

export function planProxy(settings: Settings, facts: Facts): Step[] {
  const environment = [...environmentOfProxy(settings.proxy), ...environmentOfAuthorities(settings, facts)]
  const lines = environment.map(([name, value]) => `${name}=${quote(value)}`)
  const why = 'proxy and authorities, for Docker and the server'
  return [
    lines.length > 0
      ? planSecretFile({ path: environmentFile, text: renderLines(lines), why })
      : planAbsent(environmentFile, why),
    ...(facts.base === 'debian' ? [planApt(settings.proxy)] : []),
  ]
}

type Proxy = Settings['proxy']
type Variable = readonly [name: string, value: string]

function environmentOfProxy({ http, https, exceptions }: Proxy): Variable[] {
  // Packages of images come over both; their tools ask one proxy for both.
  const forBuilds = http ?? https
  if (forBuilds === undefined) return []
  return [
    ...(http === undefined ? [] : [['HTTP_PROXY', http] as const]),
    ...(https === undefined ? [] : [['HTTPS_PROXY', https] as const]),
    ['NO_PROXY', [...new Set(['localhost', '127.0.0.1', '::1', ...exceptions])].join(',')],
    ['DISPATCH_BUILD_PROXY', forBuilds],
  ]
}

/** systemd takes backslashes in double quotes before these, and nothing else; `$` and `%` have no meaning in such a file. */
const quote = (value: string): string => `"${value.replace(/["\\$`]/g, '\\$&')}"`

function planApt({ http, https }: Proxy): Step {
  const why = 'the proxy, for apt'
  const lines = Object.entries({ http, https }).flatMap(([scheme, url]) =>
    url === undefined ? [] : [`Acquire::${scheme}::Proxy "${encode(url)}";`],
  )
  return lines.length > 0 ? planSecretFile({ path: aptFile, text: renderLines(lines), why }) : planAbsent(aptFile, why)
}

/** apt's files have no way to quote these within quotes. */
const encode = (url: string): string => url.replace(/["\\]/g, character => encodeURIComponent(character))
