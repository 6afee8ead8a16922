/** Forms of the pages of a login: how they are read, and that they came from the page that this server gave this browser. */
import { randomBytes } from 'node:crypto'
import { loginCookies } from '../../core/credentials.ts'
import { isSameText } from '../../core/digest.ts'
import { dispatchError } from '../../core/errors.ts'
import type { BodyReader } from '../../http/operation.ts'
import { checkMediaType } from '../../http/read-body.ts'
import { readCookie, renderCookie } from './cookies.ts'

const formType = 'application/x-www-form-urlencoded'
const maxFormBytes = 16 * 1024

export type Form = Record<string, string>

/** Of a field that comes twice the last one counts. */
export const createFormReader = (): BodyReader<Form> => sent => {
  checkMediaType(sent.headers['content-type'], [formType])
  const bodyText = sent.content.toString()
  if (bodyText.length > maxFormBytes) throw dispatchError('BODY_TOO_LARGE', {})
  return { body: Object.fromEntries(new URLSearchParams(bodyText)), bodyText: '' }
}

const cookieName = loginCookies.form
const maxAgeSeconds = 3600

export interface FormKey {
  key: string
  cookie: string
}

/** The present one goes on to count, so that two pages of one browser do not spoil each other's. */
export function createFormKey({ cookie, isEncrypted }: { cookie: string; isEncrypted: boolean }): FormKey {
  const present = readCookie(cookie, cookieName)
  const key = /^[\w-]{43}$/.test(present) ? present : randomBytes(32).toString('base64url')
  return { key, cookie: renderCookie(cookieName, key, { sameSite: 'Strict', isEncrypted, maxAgeSeconds }) }
}

/** Another site can send a form here, but neither knows this cookie nor has it sent along. */
export function isOwnForm({ formKey = '' }: Form, cookie: string): boolean {
  const key = readCookie(cookie, cookieName)
  return key !== '' && isSameText(key, formKey)
}
