/** Credentials out of a secret: users with their passwords, or tokens. */
import { createHash, timingSafeEqual } from 'node:crypto'

export interface Known {
  /** Of the user's name and password, or of the token. */
  digest: Buffer
  /** The key in the secret: a user, or what a token is called. */
  subject: string
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** What a client must send, of a key and a value. */
const sentOf = {
  basic: (user: string, password: string) => `${user}:${password}`,
  bearer: (_: string, token: string) => token,
}
export type SecretScheme = keyof typeof sentOf

/** An empty value lets nobody in. Throws when there is no other. */
export function parseKnown(scheme: SecretScheme, values: Record<string, string>): Known[] {
  const known = Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([subject, value]) => ({ subject, digest: digestOf(sentOf[scheme](subject, value)) }))
  if (known.length === 0) throw new Error('it holds no value')
  return known
}

/** Looks at all of them, so that the time it takes tells nothing of any. */
export function findSubject(known: readonly Known[], sent: string): string | undefined {
  const digest = digestOf(sent)
  let found: string | undefined
  for (const each of known) if (timingSafeEqual(each.digest, digest)) found = each.subject
  return found
}

const headers = { basic: /^basic +([A-Za-z\d+/]+={0,2}) *$/i, bearer: /^bearer +([\w.~+/-]+=*) *$/i }

/** What the client sent: `user:password`, or a token. */
export function readCredentials(scheme: SecretScheme, header: string | undefined): string | undefined {
  const sent = headers[scheme].exec(header ?? '')?.[1]
  return scheme === 'basic' && sent !== undefined ? Buffer.from(sent, 'base64').toString() : sent
}
