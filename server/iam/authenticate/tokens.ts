/** API tokens as credentials: random texts of which the store knows a digest. */
import { randomBytes } from 'node:crypto'
import type { Principal } from '../../core/access.ts'
import { amend } from '../../core/amend.ts'
import { tokenPrefixes } from '../../core/credentials.ts'
import { digestOf } from '../../core/digest.ts'
import { dispatchError, isEntry, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import { createRemembered, type Remembered } from '../../core/remembered.ts'
import type { Change, Collection } from '../../store/port.ts'
import { principalOf } from '../subjects.ts'
import type { Holder, Token } from '../token-schema.ts'
import type { Proof } from './proof.ts'

export interface TokenOptions {
  tokens: Pick<Collection<Token>, 'list' | 'get' | 'update'>
  /** Whether it is still there. */
  isPresent(org: string, holder: Holder): Promise<boolean>
  nowMs(): number
  log: Log
}

export interface TokenProof extends Proof {
  /** From then on nothing of before counts. */
  follow(change: Change): void
}

/** So long a token that is in use is not looked at again, nor its use written down. */
const noteEveryMs = 60_000

/** The text of a new token, which nobody guesses: 256 bits. */
export const createTokenText = (prefix: string): string => `${prefix}${randomBytes(32).toString('base64url')}`

type Held = Remembered<Token | undefined>

interface Index {
  /** By digest, so that how far a guess is right cannot be told from the time it takes. */
  byDigest: ReadonlyMap<string, Held>
  byName: ReadonlyMap<string, Held>
}

const keyOf = ({ org, name }: Pick<Token, 'org' | 'name'>): string => `${org} ${name}`

/** Each is read again alone after it has changed, which each note of its use does. */
async function readIndex(tokens: TokenOptions['tokens']): Promise<Index> {
  const all = (await tokens.list()).map(token => {
    const held: Held = createRemembered(() => tokens.get(token.org, token.name), { value: token })
    return { token, held }
  })
  return {
    byDigest: new Map(all.map(({ token, held }) => [token.digest, held])),
    byName: new Map(all.map(({ token, held }) => [keyOf(token), held])),
  }
}

const bearerOf = ({ org, scope, holder, expiresSeconds }: Token): Principal => ({
  ...principalOf(org, holder),
  onlyIn: org,
  ...(scope && { scope }),
  ...(expiresSeconds !== null && { expiresSeconds }),
})

export function createTokenProof({ tokens, isPresent, nowMs, log }: TokenOptions): TokenProof {
  const index = createRemembered(() => readIndex(tokens))

  const noteUse = async (token: Token): Promise<void> => {
    const lastUsedSeconds = Math.floor(nowMs() / 1000)
    if (nowMs() - (token.lastUsedSeconds ?? 0) * 1000 < noteEveryMs) return
    const change = (held: Token | undefined): Token => {
      // There may be another one of that name by now.
      if (held?.id !== token.id) throw dispatchError('NOT_FOUND', { kind: 'token', name: token.name })
      return { ...held, lastUsedSeconds }
    }
    await amend(tokens, token, change).catch(thrown => {
      if (isEntry(thrown, 'NOT_FOUND')) return
      log.warn({ token: token.name, org: token.org, cause: messageOf(thrown) }, 'the use of a token could not be noted')
    })
  }

  return {
    fits: credential => credential.startsWith(tokenPrefixes.api),
    prove: async credential => {
      const digest = digestOf(credential)
      const token = await (await index.current()).byDigest.get(digest)?.current()
      // There may be another one of that name by now.
      if (token?.digest !== digest || !(await isPresent(token.org, token.holder))) return undefined
      const expiresMs = (token.expiresSeconds ?? Infinity) * 1000
      if (expiresMs <= nowMs())
        throw dispatchError('BEARER_REFUSED', {
          cause: 'it has expired; create a new one with dispatch iam create token',
        })
      void noteUse(token)
      return { principal: bearerOf(token), untilMs: Math.min(expiresMs, nowMs() + noteEveryMs) }
    },
    follow: change => {
      if (change.kind !== 'Token') return
      const held = index.known()?.byName.get(keyOf(change))
      if (held && !change.removed) held.forget()
      else index.forget()
    },
  }
}
