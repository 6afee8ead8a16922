/** Which user somebody is, out of what the issuer says of them. Pure. */
import { isRecord } from '../../core/json.ts'

export type Naming = { subject: string } | { refused: string }

/** Without spaces, control characters, and the `/` and `*` that mean something in policies. */
const shape = /^[^\s\p{C}/*]{1,128}$/u
const emailShape = /^[^@]+@[^@]+$/
/** Of ASCII alone: there are other letters that would become these. */
const toLowerCase = (text: string): string => text.replaceAll(/[A-Z]/g, letter => letter.toLowerCase())

function nameByEmail(claims: Record<string, unknown>): Naming {
  const { email } = claims
  if (typeof email !== 'string' || !emailShape.test(email)) return { refused: 'the issuer gives no claim email' }
  // Whoever may write any address into a profile would be anybody.
  if (claims.email_verified !== true)
    return { refused: 'the issuer did not verify the e-mail address (email_verified)' }
  return { subject: toLowerCase(email) }
}

/** Users may choose what stands in many claims: the prefix keeps them from being an account, or a user with a password here. */
export const issuerPrefix = 'oidc:'

function nameByClaim(claim: string, claims: Record<string, unknown>): Naming {
  const value = claims[claim]
  if (typeof value !== 'string' || value === '') return { refused: `the issuer gives no claim ${claim}` }
  return { subject: `${issuerPrefix}${value}` }
}

export function nameUser(claim: string, claims: unknown): Naming {
  const known = isRecord(claims) ? claims : {}
  const naming = claim === 'email' ? nameByEmail(known) : nameByClaim(claim, known)
  if ('subject' in naming && !shape.test(naming.subject)) {
    return { refused: `its claim ${claim} is no name: at most 128 characters, without spaces, / and *` }
  }
  return naming
}
