/** An authority that says who clients are, for tests: it makes certificates of every kind, good and bad. */
import { randomBytes, type webcrypto } from 'node:crypto'
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { dayMs } from './tls-stage.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export interface Wanted {
  commonName: string
  purpose?: 'client' | 'server'
  /** Until its end; below 0 it has ended. */
  days?: number
}

export interface Authority {
  /** PEM. */
  cert: string
  issue(wanted: Wanted): Promise<{ cert: string; key: string }>
}

const pemOf = async (key: webcrypto.CryptoKey): Promise<string> => {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
}

const createKeys = async (): Promise<webcrypto.CryptoKeyPair> =>
  await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

export async function createAuthority(name: string): Promise<Authority> {
  const own = await createKeys()
  const make = (commonName: string, keys: webcrypto.CryptoKeyPair, days: number, extensions: Extension[]) =>
    X509CertificateGenerator.create({
      serialNumber: `4${randomBytes(8).toString('hex').slice(1)}`,
      subject: [{ CN: [commonName] }],
      issuer: [{ CN: [name] }],
      notBefore: new Date(Date.now() - 10 * dayMs),
      notAfter: new Date(Date.now() + days * dayMs),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: own.privateKey,
      extensions,
    }).then(certificate => `${certificate.toString('pem')}\n`)
  return {
    cert: await make(name, own, 365, [new BasicConstraintsExtension(true, undefined, true)]),
    issue: async ({ commonName, purpose = 'client', days = 30 }) => {
      const keys = await createKeys()
      const usage = purpose === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth
      const cert = await make(commonName, keys, days, [new ExtendedKeyUsageExtension([usage])])
      return { cert, key: await pemOf(keys.privateKey) }
    },
  }
}
