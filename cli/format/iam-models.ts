/** Owns the models of who may do what: users, policies, accounts, organizations and tokens, as `models.ts` has the others. */
import { added, always, many, optional, pair } from './fields.ts'
import type { Model } from './model.ts'

export const user: Model = {
  createdTime: optional('int'),
  hasPassword: optional('bool'),
  id: optional('text'),
  kind: optional('text'),
  modifiedTime: optional('int'),
  name: always('text'),
  reason: added('texts'),
  status: optional('text'),
  tags: many(pair),
}

export const rule: Model = { actions: always('texts'), resources: always('texts'), subjects: always('texts') }

export const policy: Model = {
  createdTime: optional('int'),
  global: optional('bool'),
  id: optional('text'),
  kind: optional('text'),
  modifiedTime: optional('int'),
  name: always('text'),
  rules: many(rule),
  status: optional('text'),
}

export const serviceAccount: Model = {
  createdTime: optional('int'),
  domain: optional('text'),
  id: optional('text'),
  kind: optional('text'),
  modifiedTime: optional('int'),
  name: always('text'),
  publicKey: always('text'),
  status: optional('text'),
}

export const organization: Model = {
  createdTime: optional('int'),
  id: optional('text'),
  kind: optional('text'),
  modifiedTime: optional('int'),
  name: always('text'),
  status: optional('text'),
}

export const token: Model = {
  createdTime: always('int'),
  expiresTime: always('any'),
  id: always('text'),
  kind: always('text'),
  lastUsedTime: always('any'),
  name: always('text'),
  scope: always('any'),
  status: always('text'),
  subject: always('text'),
  tags: many(pair),
  token: added('text'),
}
