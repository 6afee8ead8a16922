/** Passwords as they are kept: by argon2id (RFC 9106), in the text form that other programs read too. */
import { argon2, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { createPlaces } from '../core/places.ts'
import type { User } from './user-schema.ts'

export interface HashParameters {
  memoryKibibytes: number
  passes: number
  lanes: number
}

/** The second choice of RFC 9106. Each lane has a thread of its own, so that one password takes less time where cores are free. */
export const hashParameters: HashParameters = { memoryKibibytes: 64 * 1024, passes: 3, lanes: 4 }

/** Each takes `memoryKibibytes` and up to four cores, together for a quarter of a second. */
const limits = { atOnce: 1, waiting: 64, fullText: 'too many passwords are being checked already' }
const hashBytes = 32
const saltBytes = 16

export interface Passwords {
  hash(password: string): Promise<string>
  /** A new one, as users have it. */
  make(password: string): Promise<Required<Pick<User, 'passwordHash' | 'passwordId'>>>
  /** Takes the same time when there is no hash to compare with. */
  verify(password: string, hash: string | undefined): Promise<boolean>
  /** The hash was made by other parameters than those of today. */
  isOutdated(hash: string): boolean
}

interface Parsed extends HashParameters {
  salt: Buffer
  hash: Buffer
}

const derive = (password: string, { memoryKibibytes, passes, lanes, salt }: Omit<Parsed, 'hash'>): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // The same letters may be typed as different code points.
    const message = password.normalize('NFKC')
    const sizes = { memory: memoryKibibytes, passes, parallelism: lanes, tagLength: hashBytes }
    argon2('argon2id', { message, nonce: salt, ...sizes }, (error, hash) => (error ? reject(error) : resolve(hash)))
  })

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z\d+/]+)\$([A-Za-z\d+/]+)$/
const encode = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

const renderHash = ({ memoryKibibytes, passes, lanes, salt, hash }: Parsed): string =>
  `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${lanes}$${encode(salt)}$${encode(hash)}`

function parseHash(text: string): Parsed {
  const [, memory, passes, lanes, salt = '', hash = ''] = form.exec(text) ?? []
  if (hash === '') throw new Error('a stored password has no form that is known here')
  const sizes = { memoryKibibytes: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  return { ...sizes, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

export function createPasswords(parameters: HashParameters = hashParameters): Passwords {
  const inPlace = createPlaces(limits)
  const nobody: Parsed = { ...parameters, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) }
  const hash = async (password: string): Promise<string> => {
    const salted = { ...parameters, salt: randomBytes(saltBytes) }
    return renderHash({ ...salted, hash: await inPlace(() => derive(password, salted)) })
  }
  return {
    hash,
    make: async password => ({ passwordHash: await hash(password), passwordId: randomUUID() }),
    verify: async (password, text) => {
      const known = text === undefined ? nobody : parseHash(text)
      const hash = await inPlace(() => derive(password, known))
      return timingSafeEqual(hash, known.hash) && text !== undefined
    },
    isOutdated: text => {
      const { memoryKibibytes, passes, lanes } = parseHash(text)
      const sizes = [parameters.memoryKibibytes, parameters.passes, parameters.lanes]
      return [memoryKibibytes, passes, lanes].some((size, index) => size !== sizes[index])
    },
  }
}
