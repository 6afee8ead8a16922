/** What was entered, on its way from the form to the review and back: sealed, so that no answer shows a secret and nothing is kept here. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type Entries, readEntries } from './entries.ts'

export interface DraftSeal {
  /** For the browser that holds this token alone. */
  seal(entries: Entries, token: string): string
  /** undefined: it is too old, of another browser or of another start of this program, or none at all. */
  open(sealed: string, token: string): Entries | undefined
}

export interface DraftOptions {
  nowMs(): number
  lifeMs?: number
}

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

export function createDraftSeal({ nowMs, lifeMs = 1_800_000 }: DraftOptions): DraftSeal {
  const key = randomBytes(32)
  const decrypt = (sealed: Buffer, token: string): unknown => {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(token)).setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
    return JSON.parse(
      Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()]).toString(),
    )
  }
  return {
    seal: (entries, token) => {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(token))
      const content = JSON.stringify({ entries, untilMs: nowMs() + lifeMs })
      const encrypted = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url')
    },
    open: (sealed, token) => {
      try {
        const { entries, untilMs } = decrypt(Buffer.from(sealed, 'base64url'), token) as {
          entries: Entries
          untilMs: number
        }
        return nowMs() < untilMs ? readEntries(name => Reflect.get(entries, name)) : undefined
      } catch {
        // Whatever is wrong with it, it is none of ours any more.
        return undefined
      }
    },
  }
}
