/** Credentials that a server with `auth: required` takes, put straight into its store. */
import { randomUUID } from 'node:crypto'
import { createTokenText, digestOf } from '../../server/iam/authenticate/tokens.ts'
import { parseGrant } from '../../server/iam/scope.ts'
import type { Holder, Token } from '../../server/iam/token-schema.ts'
import type { Store } from '../../server/store/port.ts'

interface GivenToken {
  subject: string
  kind?: Holder['kind']
  org?: string
  /** Each RESOURCE:ACTION. */
  scope?: string[]
  expiresSeconds?: number
}

/** Resolves with the headers of whoever holds it. */
export async function giveToken(store: Store, given: GivenToken): Promise<{ authorization: string }> {
  const { subject, kind = 'user', org = 'dispatch', scope, expiresSeconds = null } = given
  const text = createTokenText('dst_')
  await store.collection<Token>('Token').create({
    ...{ id: randomUUID(), org, name: randomUUID(), revision: 0, status: 'READY', reason: null, tags: null },
    ...{ createdTimeSeconds: 0, modifiedTimeSeconds: 0, expiresSeconds, lastUsedSeconds: null },
    digest: digestOf(text),
    holder: { kind, subject, id: null },
    scope: scope?.map(parseGrant) ?? null,
  })
  return { authorization: `Bearer ${text}` }
}
