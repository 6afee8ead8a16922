/** Tokens of sessions as credentials of users. */
import { type Sessions, sessionPrefix } from '../sessions.ts'
import type { Proof } from './proof.ts'

export const createSessionProof = ({ find }: Pick<Sessions, 'find'>): Proof => ({
  fits: credential => credential.startsWith(sessionPrefix),
  prove: async credential => {
    const found = await find(credential)
    if (!found) return undefined
    return { principal: { kind: 'user', subject: found.user, session: found.id }, untilMs: found.untilMs }
  },
})
