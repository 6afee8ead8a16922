/** What becomes of a request to an API that does not let in everybody at any time. */
import type { OutgoingHttpHeaders } from 'node:http'
import type { DispatchError } from '../core/errors.ts'

/** Who calls, as the function is told. */
export interface Identity {
  scheme: 'basic' | 'bearer' | 'oidc'
  /** The user, what the token is called in its secret, or `sub` of the token. */
  subject: string
  /** Of a token of an issuer. */
  claims?: object
}

export interface Admission {
  /** Headers of the answer, whatever it is. */
  headers?: OutgoingHttpHeaders
  /** The function is not called. */
  refusal?: DispatchError
  identity?: Identity
}
