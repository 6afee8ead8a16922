/** API tokens: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Grant } from '../core/access.ts'
import type { Entity } from '../core/entity.ts'
import { kind, name, orNull, seconds, shown, shownKind, tags, uuid } from '../http/shapes.ts'
import { grantPattern, renderGrant } from './scope.ts'

const maxLifetimeSeconds = 10 * 365 * 24 * 3600

const says = {
  subject: 'Whom it acts for: a user, or a service account of this organization, also as ORGANIZATION/NAME',
  scope: 'What it is limited to, each as RESOURCE:ACTION, either of which may be *',
}

export const tokenBody = Type.Object(
  {
    id: uuid,
    kind,
    name,
    tags,
    subject: Type.Optional(Type.String({ minLength: 1, description: `${says.subject}; who creates it when left out` })),
    scope: Type.Optional(
      Type.Array(
        Type.String({
          pattern: grantPattern,
          patternText: 'should be RESOURCE:ACTION, such as runs:create, secret:* or *:get',
        }),
        { description: `${says.scope}; left out, it may do what its subject may` },
      ),
    ),
    lifetimeSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: maxLifetimeSeconds,
        description: 'How long it counts; left out, until it is deleted',
      }),
    ),
  },
  {
    title: 'TokenBody',
    examples: [{ name: 'ci', subject: 'robot', scope: ['runs:create'], lifetimeSeconds: 2_592_000 }],
  },
)
export type TokenBody = Static<typeof tokenBody>

const common = {
  id: shown.id,
  kind: shownKind('Token'),
  name: shown.name,
  subject: Type.String({ description: 'Whom it acts for; a service account as ORGANIZATION/NAME' }),
  scope: orNull(Type.Array(Type.String()), `${says.scope}; null: to nothing`),
  createdTime: shown.createdTime,
  expiresTime: orNull(seconds('From when it does not count any more'), 'null: it counts until it is deleted'),
  lastUsedTime: orNull(seconds('When it was used last, to the minute'), 'null: it was never used'),
  status: Type.Union([Type.Literal('READY'), Type.Literal('EXPIRED'), Type.Literal('REVOKED')], {
    description: 'READY: it counts; EXPIRED: its time is over; REVOKED: its subject is not there any more',
  }),
  tags: shown.tags,
}

export const shownToken = Type.Object(common, { title: 'Token' })
export const createdToken = Type.Object(
  {
    ...common,
    token: Type.String({ description: 'What to send as Authorization: Bearer TOKEN; it is shown this once' }),
  },
  { title: 'CreatedToken' },
)

/** Who acts by a token. */
export interface Holder {
  kind: 'user' | 'account'
  subject: string
  /** Of the account, or of the user when the server knows one of that name: another one of the same name is somebody else. */
  id: string | null
}

export interface Token extends Entity {
  /** Of its text, which is stored nowhere. */
  digest: string
  holder: Holder
  scope: Grant[] | null
  expiresSeconds: number | null
  lastUsedSeconds: number | null
}

export type ShownToken = Static<typeof shownToken>

export const renderToken = (token: Token, status: ShownToken['status']): ShownToken => ({
  id: token.id,
  kind: 'Token',
  name: token.name,
  subject: token.holder.kind === 'account' ? `${token.org}/${token.holder.subject}` : token.holder.subject,
  scope: token.scope?.map(renderGrant) ?? null,
  createdTime: token.createdTimeSeconds,
  expiresTime: token.expiresSeconds,
  lastUsedTime: token.lastUsedSeconds,
  status,
  tags: token.tags,
})
