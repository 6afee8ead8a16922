/** Keeps out of the record of a run what its HTTP caller has proven itself by: the function gets it, readers of runs do not. */
import { credentialHeaders } from '../core/credentials.ts'
import { isRecord } from '../core/json.ts'

const mask = '********'

export function withoutCredentials<Run extends { httpContext?: unknown }>(run: Run): Run {
  const { httpContext } = run
  if (!isRecord(httpContext) || !isRecord(httpContext.headers)) return run
  const { headers } = httpContext
  const found = credentialHeaders.filter(name => headers[name] !== undefined)
  if (found.length === 0) return run
  const masked = { ...headers, ...Object.fromEntries(found.map(name => [name, mask])) }
  return { ...run, httpContext: { ...httpContext, headers: masked } }
}
