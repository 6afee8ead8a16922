/** Which passwords are too easy to guess. Pure. Length counts, no kinds of characters: NIST SP 800-63B, 3.1.1. */
import { dispatchError } from '../core/errors.ts'
import { commonPasswords } from './common-passwords.ts'

export const minPasswordLength = 12
export const maxPasswordLength = 256
const minDifferent = 5

/** Digits and signs behind it, or the same once more, make no other password of it. */
function isCommon(plain: string): boolean {
  const word = plain.replace(/[\d\W_]+$/, '')
  const repeated = /^(.+?)\1+$/s.exec(word)?.[1] ?? word
  return [plain, word, repeated].some(each => commonPasswords.has(each))
}

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
