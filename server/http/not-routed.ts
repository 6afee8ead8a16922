/** What a request gets that no operation answers: 404, 405 or 501, decided as the original's two routers did. */
import { type DispatchError, dispatchError } from '../core/errors.ts'
import type { Operation } from './operation.ts'

/** Second path segments of services that exist in this edition. */
const services = new Set(['function', 'runs', 'image', 'baseimage', 'secret', 'api', 'event', 'events', 'iam'])
const notInSolo = new Set(['eventdrivers', 'application', 'serviceclass', 'serviceinstance'])

const toPattern = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`)

/** The second value is the list of allowed methods when the path exists with others. */
export type NotRouted = (method: string, url: string) => { error: DispatchError; allowed: string[] }

export function createNotRouted(operations: readonly Operation[]): NotRouted {
  const known = operations.map(({ method, path }) => ({ method, pattern: toPattern(path) }))
  return (method, url) => {
    const path = url.split('?')[0] ?? ''
    const [root, first, second = ''] = path.split('/')
    const isService = root === '' && first === 'v1'
    if (isService && notInSolo.has(second)) return { error: dispatchError('NOT_IN_SOLO', {}), allowed: [] }
    const allowed = [...new Set(known.filter(({ pattern }) => pattern.test(path)).map(entry => entry.method))]
    if (allowed.length > 0) {
      return { error: dispatchError('METHOD_NOT_ALLOWED', { method, allowed: allowed.join(',') }), allowed }
    }
    if (isService && services.has(second)) return { error: dispatchError('NO_PATH', { path }), allowed: [] }
    return { error: dispatchError('NO_RESOURCE', {}), allowed: [] }
  }
}
