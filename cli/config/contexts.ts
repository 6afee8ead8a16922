/** Owns the contexts inside a config file: finding, adding, choosing and removing one. Pure; names are opaque. */
import type { Server } from '../http/host.ts'
import { type ConfigObject, isObject } from './file.ts'

/** Keys match whatever their case, as they always have. */
export function pick(object: ConfigObject, key: string): unknown {
  if (Object.hasOwn(object, key)) return object[key]
  const found = Object.keys(object).find(candidate => candidate.toLowerCase() === key.toLowerCase())
  return found === undefined ? undefined : object[found]
}

function contextsOf(content: ConfigObject): ConfigObject {
  const contexts = pick(content, 'contexts')
  return isObject(contexts) ? contexts : {}
}

export const currentName = (content: ConfigObject): string => {
  const current = pick(content, 'current')
  return typeof current === 'string' ? current : ''
}

export interface NamedContext {
  readonly name: string
  readonly values: ConfigObject
}

export const listContexts = (content: ConfigObject): NamedContext[] =>
  Object.entries(contextsOf(content))
    .map(([name, values]) => ({ name, values: isObject(values) ? values : {} }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))

/** Where a context leads; undefined: it leaves that open. */
export function serverIn(values: ConfigObject): Server | undefined {
  const host = String(pick(values, 'host') ?? '')
  const [port, scheme] = [Number(pick(values, 'port') || 443), String(pick(values, 'scheme') || 'https')]
  return host === '' ? undefined : { scheme, host, port }
}

/** The exact name wins; without one, a name that differs in case only. */
export function findContext(content: ConfigObject, name: string): NamedContext | undefined {
  const contexts = listContexts(content)
  return (
    contexts.find(context => context.name === name) ??
    contexts.find(context => context.name.toLowerCase() === name.toLowerCase())
  )
}

const known = ['host', 'port', 'scheme', 'organization', 'cookie', 'insecure', 'namespace', 'api-https-port']
const keyOrder = [...known, 'api-http-port', 'serviceaccount', 'jwtprivatekey']

/** Known keys first in their fixed order, keys of others behind them: nothing is lost. */
function orderKeys(values: ConfigObject): ConfigObject {
  const rank = (key: string) => {
    const index = keyOrder.indexOf(key.toLowerCase())
    return index === -1 ? keyOrder.length : index
  }
  return Object.fromEntries(Object.entries(values).sort(([left], [right]) => rank(left) - rank(right)))
}

function rebuild(content: ConfigObject, current: string, contexts: readonly NamedContext[]): ConfigObject {
  const others = Object.entries(content).filter(([key]) => !['current', 'contexts'].includes(key.toLowerCase()))
  const sorted = [...contexts].sort((left, right) => (left.name < right.name ? -1 : 1))
  const entries = sorted.map(({ name, values }) => [name, orderKeys(values)] as const)
  return { current, contexts: Object.fromEntries(entries), ...Object.fromEntries(others) }
}

export const withCurrent = (content: ConfigObject, name: string): ConfigObject =>
  rebuild(content, name, listContexts(content))

export const withContext = (content: ConfigObject, context: NamedContext): ConfigObject =>
  rebuild(content, currentName(content), [
    ...listContexts(content).filter(({ name }) => name !== context.name),
    context,
  ])

/** Removing the current context leaves none current. */
export const withoutContext = (content: ConfigObject, name: string): ConfigObject =>
  rebuild(
    content,
    findContext(content, currentName(content))?.name === name ? '' : currentName(content),
    listContexts(content).filter(context => context.name !== name),
  )

const secrets = ['cookie', 'token']

/** For eyes: what would let another one in is blanked. */
export function redactContext(values: ConfigObject): ConfigObject {
  const blanked = Object.entries({ cookie: '', ...values }).map(([key, value]) => [
    key,
    secrets.includes(key.toLowerCase()) ? '' : value,
  ])
  return orderKeys(Object.fromEntries(blanked))
}
