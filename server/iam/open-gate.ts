/** The mode in which any credential counts, as in the original: for a server that only its own machine reaches. */
import { anyone, type Gate, local } from '../core/access.ts'
import { dispatchError } from '../core/errors.ts'

export const openGate: Gate = {
  admit: ({ org, authorization, cookie, peer }) => {
    if (peer.isLocal) return { principal: local, org }
    if (authorization === '' && cookie === '') throw dispatchError('UNAUTHENTICATED', {})
    return { principal: anyone, org }
  },
}
