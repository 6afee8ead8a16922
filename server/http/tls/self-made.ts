/** A certificate that this server makes for itself: made anew before its end, and when it lacks a name that the server has. */
import { join } from 'node:path'
import type { Log } from '../../core/ports.ts'
import { writeDurably } from '../../disk/files.ts'
import { type CertificateFacts, findFault, readCertificate } from './identity.ts'
import { createEcKey, issueCertificate } from './issue.ts'
import { readPemIfThere } from './pem-files.ts'
import type { CertificateSource } from './source.ts'

export interface SelfMadeOptions {
  /** Where its two files are, by the names that the original gave them. */
  directory: string
  /** Read each time: addresses come and go. */
  names(): readonly string[]
  nowMs(): number
  log: Log
}

const dayMs = 24 * 3_600_000
/** Clients refuse what is made for more than 398 days. */
const validMs = 397 * dayMs
const renewalMs = 30 * dayMs
/** For clients whose clocks are behind. */
const backdatedMs = 3_600_000

/** Why another one has to be made; undefined while this one will do. Pure. */
export function planRenewal(facts: CertificateFacts, names: readonly string[], nowMs: number): string | undefined {
  if (nowMs < facts.beginsMs) return 'it is not valid yet'
  if (nowMs > facts.endsMs - renewalMs) return 'its end is near'
  const missing = names.filter(name => !facts.isFor(name))
  return missing.length > 0 ? `it is not for ${missing.join(', ')}` : undefined
}

/** Also what cannot be read, or belongs to another key, is made anew: nobody else keeps these files. */
function judge(cert: string | undefined, key: string, names: readonly string[], nowMs: number): string | undefined {
  if (cert === undefined) return 'there was none'
  if (findFault({ cert, key }) !== undefined) return 'it does not fit its key'
  return planRenewal(readCertificate(cert), names, nowMs)
}

export function createSelfMade({ directory, names, nowMs, log }: SelfMadeOptions): CertificateSource {
  const certificateFile = join(directory, 'dispatch_self_signed_cert.pem')
  const keyFile = join(directory, 'dispatch_private_key.pem')

  /** The key stays as long as its file: who knows this server by it need not learn another. */
  async function loadKey(cert: string | undefined): Promise<string> {
    const known = await readPemIfThere(keyFile)
    if (known !== undefined) return known
    if (cert !== undefined)
      throw new Error(
        `TLS: ${certificateFile} is there without ${keyFile}: bring the key back, or remove the certificate so that another pair is made`,
      )
    const key = createEcKey()
    await writeDurably(keyFile, key, { mode: 0o600 })
    return key
  }

  async function make(key: string, wanted: readonly string[], reason: string): Promise<string> {
    const [fromMs, untilMs] = [nowMs() - backdatedMs, nowMs() - backdatedMs + validMs]
    const cert = await issueCertificate({ key, names: wanted, fromMs, untilMs }).catch(thrown => {
      throw new Error(`TLS: no certificate can be made with the key in ${keyFile}; remove it so that another is made`, {
        cause: thrown,
      })
    })
    await writeDurably(certificateFile, cert, { mode: 0o644 })
    const { fingerprint } = readCertificate(cert)
    log.info({ certificateFile, names: wanted, fingerprint, reason }, 'a certificate was made')
    return cert
  }

  return {
    load: async () => {
      const known = await readPemIfThere(certificateFile)
      const key = await loadKey(known)
      const wanted = names()
      const reason = judge(known, key, wanted, nowMs())
      return { key, cert: reason === undefined && known !== undefined ? known : await make(key, wanted, reason ?? '') }
    },
  }
}
