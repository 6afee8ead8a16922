/** Passwords, to the letter: nothing is cut off, and no problem tells anything of them. */
import { findWeakness } from '../../../server/iam/password-rules.ts'
import type { Credentials } from '../settings.ts'
import type { Outcome, ValueReader } from './reading.ts'

/** The user that a claim creates. */
const adminName = 'admin'
const minRootLength = 8
/** What crypt(3) takes. */
const maxBytes = 511

function parsePassword(text: string): Outcome<string> {
  if (/[\n\r\0]/.test(text)) return { problem: 'there is a line break or a NUL in it' }
  if (!text.isWellFormed()) return { problem: 'there is half a character in it' }
  if (Buffer.byteLength(text) > maxBytes) return { problem: `it has more than ${maxBytes} bytes` }
  return { value: text }
}

function parseRootPassword(text: string): Outcome<string> {
  const length = [...text.normalize('NFKC')].length
  return length < minRootLength ? { problem: `it has fewer than ${minRootLength} characters` } : parsePassword(text)
}

function parseAdminPassword(text: string): Outcome<string> {
  const problem = findWeakness(text, adminName)
  return problem === undefined ? parsePassword(text) : { problem }
}

export function readCredentials(reader: ValueReader): Credentials {
  const rootPassword = reader.one('appliance.root_pwd', parseRootPassword)
  const adminPassword = reader.one('dispatch.admin_pwd', parseAdminPassword)
  return { ...(rootPassword !== undefined && { rootPassword }), ...(adminPassword !== undefined && { adminPassword }) }
}
