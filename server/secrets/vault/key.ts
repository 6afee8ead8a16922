/** Keys that seal records: 32 random bytes each, known by an id that tells nothing of them; and the text of a file of them. */
import { createHash, randomBytes } from 'node:crypto'

const keyBytes = 32

export interface SealKey {
  id: string
  bytes: Buffer
}

const idOf = (bytes: Buffer): string =>
  createHash('sha256').update('dispatch-seal-key\n').update(bytes).digest('hex').slice(0, 16)

const keyOf = (bytes: Buffer): SealKey => ({ id: idOf(bytes), bytes })

export const createKey = (): SealKey => keyOf(randomBytes(keyBytes))

const note = `# Keys that the secrets of Dispatch are sealed with: the first seals, the others only open. Without them the secrets are
# lost. Keep a copy, apart from those of the database.
`

export const renderKeys = (keys: readonly SealKey[]): string =>
  `${note}${keys.map(({ bytes }) => `${bytes.toString('base64')}\n`).join('')}`

/** Throws an Error that names the line, never what it holds. */
export function parseKeys(text: string): [SealKey, ...SealKey[]] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }))
  const keys = lines.filter(({ line }) => line !== '' && !line.startsWith('#')).map(parseKey)
  const [first, ...others] = keys
  if (!first) throw new Error('it holds no key')
  return [first, ...others]
}

function parseKey({ line, number }: { line: string; number: number }): SealKey {
  const bytes = Buffer.from(line, 'base64')
  if (bytes.length !== keyBytes || bytes.toString('base64') !== line)
    throw new Error(`line ${number} is no key, which is ${keyBytes} bytes in base64`)
  return keyOf(bytes)
}
