/** Makes keys, and certificates that vouch for themselves. Their libraries are loaded when first needed: most servers never do. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  type webcrypto,
} from 'node:crypto'
import { isIP } from 'node:net'
import { plainOf } from './names.ts'

export interface Issued {
  /** PEM. */
  key: string
  names: readonly string[]
  fromMs: number
  untilMs: number
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const maxCommonNameLength = 64

/** PEM, as the original wrote it. */
export const createEcKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString()

const cryptoKeyOf = (key: KeyObject, usage: 'sign' | 'verify'): webcrypto.CryptoKey =>
  key.toCryptoKey(algorithm, true, [usage])

/** PEM. Not marked as an authority: whoever trusts it trusts this server, and its key vouches for no other name. */
export async function issueCertificate({ key, names, fromMs, untilMs }: Issued): Promise<string> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const privateKey = cryptoKeyOf(createPrivateKey(key), 'sign')
  const publicKey = cryptoKeyOf(createPublicKey(key), 'verify')
  const [first = ''] = names
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // A leading 0 bit: the number is positive.
    serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
    name: [{ O: ['Dispatch'] }, ...(first.length > maxCommonNameLength ? [] : [{ CN: [first] }])],
    notBefore: new Date(fromMs),
    notAfter: new Date(untilMs),
    signingAlgorithm: algorithm,
    keys: { privateKey, publicKey },
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map(name => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: plainOf(name) })),
      ),
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return `${certificate.toString('pem')}\n`
}
