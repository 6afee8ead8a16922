/** A certificate with its key, as it is shown now and may be another later. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { messageOf } from '../../core/errors.ts'
import { tlsSettings } from './settings.ts'

/** PEM texts, certificates of issuers behind the own one. */
export interface TlsIdentity {
  cert: string
  key: string
  /** Certificates of those whose word on a client counts. */
  clientCa?: string
}

export interface LiveIdentity {
  current(): TlsIdentity
  /** Calls back whenever there is another one. */
  follow(onChange: () => void): void
}

export const fixedIdentity = (identity: TlsIdentity): LiveIdentity => ({
  current: () => identity,
  follow: () => undefined,
})

export interface CertificateFacts {
  beginsMs: number
  endsMs: number
  /** SHA-256, as browsers show it. */
  fingerprint: string
  /** As OpenSSL writes them. */
  names: string
  /** A host name, or an address. */
  isFor(name: string): boolean
}

/** Of the first certificate; throws when the text holds none. */
export function readCertificate(cert: string): CertificateFacts {
  const parsed = new X509Certificate(cert)
  return {
    beginsMs: Date.parse(parsed.validFrom),
    endsMs: Date.parse(parsed.validTo),
    fingerprint: parsed.fingerprint256,
    names: parsed.subjectAltName ?? '',
    isFor: name => (isIP(name) ? parsed.checkIP(name) : parsed.checkHost(name)) !== undefined,
  }
}

/** Why they cannot be shown to anybody; undefined when they can. */
export function findFault({ cert, key }: TlsIdentity): string | undefined {
  try {
    // Node takes an empty text for none, and shows no certificate at all.
    const certificate = new X509Certificate(cert)
    // OpenSSL only compares keys of one kind with each other.
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'the key is not that of the certificate'
    createSecureContext({ ...tlsSettings, cert, key })
    return undefined
  } catch (thrown) {
    return messageOf(thrown)
  }
}
