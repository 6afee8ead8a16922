/** Which passwords are too easy to guess. Pure. Length counts, no kinds of characters: NIST SP 800-63B, 3.1.1. */
import { dispatchError } from '../core/errors.ts'
import { commonPasswords } from './common-passwords.ts'

export const minPasswordLength = 12
export const maxPasswordLength = 256
const minDifferent = 5

const rows = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
]
/** Behind the last comes the first again. */
const ways = rows
  .flatMap(row => [row, [...row].toReversed().join('')])
  .map(way => way.padEnd(2 * maxPasswordLength, way))
const minSequence = 5
/** Those of this product, which stand in no list of others. */
const ownWords = /^(?:dispatch|solo|appliance|serverless|admin|administrator|password|changeme)+$/

const isSequence = (text: string): boolean => text.length >= minSequence && ways.some(way => way.includes(text))

/** What it is without what makes no other password of it: signs, the same once more, digits and signs behind it. */
function coresOf(plain: string): string[] {
  const letters = plain.replace(/[^\p{L}\p{N}]+/gu, '')
  const once = (text: string): string => /^(.+?)\1+\d*$/s.exec(text)?.[1] ?? text
  const withoutEnd = (text: string): string => text.replace(/[^\p{L}]+$/u, '')
  return [plain, letters].flatMap(each => [each, once(each)]).flatMap(each => [each, withoutEnd(each)])
}

const isCommon = (plain: string): boolean =>
  coresOf(plain).some(each => commonPasswords.has(each) || isSequence(each) || ownWords.test(each))

/** Why it is refused, as the end of a sentence; undefined when it is not. */
export function findWeakness(password: string, user: string): string | undefined {
  const characters = [...password.normalize('NFKC')]
  const plain = characters.join('').toLowerCase()
  const own = [user, user.split('@')[0] ?? ''].map(name => name.toLowerCase())
  if (characters.length < minPasswordLength) return `it has fewer than ${minPasswordLength} characters`
  if (characters.length > maxPasswordLength) return `it has more than ${maxPasswordLength} characters`
  if (new Set(characters).size < minDifferent) return `it has fewer than ${minDifferent} different characters`
  if (isCommon(plain)) return 'it is one of those that are tried first'
  if (own.some(name => name.length > 3 && plain.includes(name))) return 'the name of its user is in it'
  return undefined
}

/** Throws the DispatchError WEAK_PASSWORD. */
export function checkPassword(password: string, user: string): void {
  const cause = findWeakness(password, user)
  if (cause !== undefined) throw dispatchError('WEAK_PASSWORD', { cause })
}
