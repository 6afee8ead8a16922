/** Owns how a request says who asks: a token, a signed statement of a service account, or the context's cookie. */
import { resolve } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { describeFileError, Failure } from '../failure.ts'
import type { Io } from '../io.ts'

const lifetimeSeconds = 3600
/** Clocks of client and server may differ by this much. */
const skewSeconds = 60

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** RS256 over `{iss, iat, exp}`; the issuer is `organization/account` unless the account says otherwise. */
async function createStatement(settings: Settings, io: Io): Promise<string> {
  const { jwtPrivateKey: path, jwtPrivateKeyOrigin: origin } = settings
  const named = origin && `; ${origin} names it`
  const { createPrivateKey, sign } = await import('node:crypto')
  const { readFile } = await import('node:fs/promises')
  const pem = await readFile(resolve(io.cwd, path), 'utf8').catch(thrown => {
    throw new Failure(`error reading key file: ${describeFileError(thrown, 'open', path)}${named}`)
  })
  const account = settings.serviceAccount
  const nowSeconds = Math.floor(io.now().getTime() / 1000)
  const claims = {
    iss: account.includes('/') ? account : `${settings.organization}/${account}`,
    iat: nowSeconds - skewSeconds,
    exp: nowSeconds + lifetimeSeconds,
  }
  const content = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType !== 'rsa') throw new Error(`it is an ${key.asymmetricKeyType} key`)
    return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Failure(`error generating JWT: ${path} is not an RSA private key in PEM form: ${cause}${named}`)
  }
}

/** Exactly one header. An account without a key, or a key without an account, counts for nothing. */
export async function createCredentials(settings: Settings, io: Io): Promise<Record<string, string>> {
  if (settings.token !== '') return { Authorization: `Bearer ${settings.token}` }
  if (settings.serviceAccount !== '' && settings.jwtPrivateKey !== '')
    return { Authorization: `Bearer ${await createStatement(settings, io)}` }
  return { Cookie: settings.cookie || 'unset' }
}
