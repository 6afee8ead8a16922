/** What stands between a request and the function: checks, in order, each of which lets it pass or refuses it. */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { DispatchError } from '../core/errors.ts'
import type { ServedApi } from '../core/ports.ts'

export interface Admission {
  /** Headers of the answer, whatever it is. */
  headers?: OutgoingHttpHeaders
  /** The function is not called. */
  refusal?: DispatchError
}

/** Sees the request before its body is read. */
export type Check = (api: ServedApi, request: IncomingMessage) => Admission | Promise<Admission>

/** Headers of all checks up to the one that refuses. */
export async function admit(checks: readonly Check[], api: ServedApi, request: IncomingMessage): Promise<Admission> {
  let headers: OutgoingHttpHeaders = {}
  for (const check of checks) {
    const admission = await check(api, request)
    headers = { ...headers, ...admission.headers }
    if (admission.refusal) return { headers, refusal: admission.refusal }
  }
  return { headers }
}
