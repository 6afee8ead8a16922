/** Sessions: who has logged in, how, from where, and until when. Of the token only its hash is kept. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { seconds, shown, shownKind } from '../http/shapes.ts'

export type LoginMethod = 'password' | 'oidc' | 'device'

export interface LoggedIn {
  user: string
  method: LoginMethod
  /** As `basisOf` makes it; absent where an issuer vouches for the user. */
  basis?: string
}

/** Its name is the hash of its token. */
export interface Session extends Entity, LoggedIn {
  address: string
  expiresTimeSeconds: number
  lastUsedTimeSeconds: number
}

export const shownSession = Type.Object(
  {
    id: shown.id,
    kind: shownKind('Session'),
    user: Type.String({ description: 'Who has logged in' }),
    method: Type.Union([Type.Literal('password'), Type.Literal('oidc'), Type.Literal('device')], {
      description: 'How: with a password, at an issuer of OpenID Connect, or by a code on another device',
    }),
    address: Type.String({ description: 'From where' }),
    createdTime: seconds('When that was'),
    lastUsedTime: seconds('When it was last used, to the minute'),
    expiresTime: seconds('When it ends, or earlier when it is not used'),
  },
  { title: 'Session' },
)

export const renderSession = (session: Session): Static<typeof shownSession> => ({
  id: session.id,
  kind: 'Session',
  user: session.user,
  method: session.method,
  address: session.address,
  createdTime: session.createdTimeSeconds,
  lastUsedTime: session.lastUsedTimeSeconds,
  expiresTime: session.expiresTimeSeconds,
})

export const shownLogin = Type.Object(
  {
    user: Type.String({ description: 'Who is logged in' }),
    token: Type.String({
      description: 'To be sent as `Authorization: Bearer TOKEN` or as `Cookie: TOKEN`; shown once',
    }),
    expiresTime: seconds('When it ends, or earlier when it is not used'),
  },
  { title: 'Login' },
)
