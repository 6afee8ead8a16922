/** Where the certificate that is shown comes from; asked again and again, since it may be another by then. */
import { X509Certificate } from 'node:crypto'
import { messageOf } from '../../core/errors.ts'
import { findFault, type TlsIdentity } from './identity.ts'
import { readPem } from './pem-files.ts'

export interface CertificateSource {
  /** What to show now; makes or renews it where that is due. Rejects with an Error that begins with `TLS: `. */
  load(): Promise<TlsIdentity>
  /** Why what it gives is not what it should be. */
  problem?(): string | undefined
}

/** Two files that somebody else keeps. */
export const createFileSource = (certificateFile: string, keyFile: string): CertificateSource => ({
  load: async () => {
    const identity = { cert: await readPem(certificateFile), key: await readPem(keyFile) }
    const fault = findFault(identity)
    if (fault === undefined) return identity
    throw new Error(`TLS: ${certificateFile} and ${keyFile} are no certificate and its key: ${fault}`)
  },
})

/** With those whose word on a client counts. */
export const withClientCa = (source: CertificateSource, clientCaFile: string): CertificateSource => ({
  ...source,
  load: async () => {
    const clientCa = await readPem(clientCaFile)
    try {
      new X509Certificate(clientCa)
    } catch (thrown) {
      throw new Error(`TLS: ${clientCaFile} holds no certificate: ${messageOf(thrown)}`, { cause: thrown })
    }
    return { ...(await source.load()), clientCa }
  },
})
