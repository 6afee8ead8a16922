/** Users: people who log in. What clients send, what is stored, and what they get back, which is never a password. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { renderFault } from '../core/status.ts'
import { kind, seconds, shown, shownFault, shownKind, status, tags, uuid } from '../http/shapes.ts'

export const maxNameLength = 256
export const maxPasswordLength = 1024

/** Mail addresses too. Rules of policies tell accounts by a slash, so that none can be in a user's name; `oidc:` is of an issuer's users. */
const pattern = '^(?!oidc:)[A-Za-z0-9][A-Za-z0-9._+:@-]{0,253}$'
const patternText =
  'should start with a letter or number, not with oidc:, and may only contain letters, numbers and . _ + : @ -'
export const userName = Type.String({ pattern, patternText, description: 'As policies name it', examples: ['jon'] })

/** Long enough that the rules refuse a longer one in their own words. */
export const password = (description: string) => Type.String({ maxLength: maxPasswordLength, description })

export const userBody = Type.Object(
  {
    id: uuid,
    kind,
    name: userName,
    password: Type.Optional(password('At least 12 characters; without one the user can only log in by OpenID Connect')),
    status,
    tags,
  },
  { bodyName: 'user', title: 'UserBody', examples: [{ name: 'jon', password: 'winter is not coming yet' }] },
)
export type UserBody = Static<typeof userBody>

export interface User extends Entity {
  /** As `createPasswords` makes it. */
  passwordHash?: string
  /** Another one with each password, though not when the same one is hashed anew. */
  passwordId?: string
}

export const shownUser = Type.Object(
  {
    id: shown.id,
    kind: shownKind('User'),
    name: Type.String({ description: 'As policies name it' }),
    hasPassword: Type.Boolean({ description: 'false: it can only log in by OpenID Connect' }),
    createdTime: shown.createdTime,
    modifiedTime: seconds('When it was last changed'),
    reason: shownFault.reason,
    status: shown.status,
    tags: shown.tags,
  },
  { title: 'User' },
)

export const renderUser = (user: User): Static<typeof shownUser> => ({
  id: user.id,
  kind: 'User',
  name: user.name,
  hasPassword: user.passwordHash !== undefined,
  createdTime: user.createdTimeSeconds,
  modifiedTime: user.modifiedTimeSeconds,
  ...renderFault(user),
  status: user.status,
  tags: user.tags,
})
