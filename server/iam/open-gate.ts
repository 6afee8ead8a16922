/** The mode in which any credential counts, as in the original: for a server that only its own machine reaches. */
import { anyone, type Gate } from '../core/access.ts'
import { dispatchError } from '../core/errors.ts'

export const openGate: Gate = {
  admit: ({ org, authorization, cookie }) => {
    if (authorization === '' && cookie === '') throw dispatchError('UNAUTHENTICATED', {})
    return { principal: anyone, org }
  },
}
