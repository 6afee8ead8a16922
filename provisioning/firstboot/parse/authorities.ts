/** Certificates as X.509: those that can be read, those that count now, and those of authorities. */
import { X509Certificate } from 'node:crypto'
import { type PemBlock, parsePem } from './pem.ts'
import { type Outcome, quote, type ValueReader } from './reading.ts'

const key = 'appliance.ca_cert'

export function parseCertificate({ label, pem }: PemBlock): Outcome<X509Certificate> {
  if (label.includes('PRIVATE KEY')) return { problem: 'there is a private key in it' }
  if (!['CERTIFICATE', 'X509 CERTIFICATE'].includes(label)) return { problem: `its part ${label} is no certificate` }
  try {
    return { value: new X509Certificate(pem.replaceAll('X509 CERTIFICATE', 'CERTIFICATE')) }
  } catch {
    return { problem: 'there is a certificate in it that cannot be read' }
  }
}

/** Undefined where it counts at that time. */
export function whyNotNow(certificate: X509Certificate, nowMs: number): string | undefined {
  const of = `the certificate of ${quote(certificate.subject.replaceAll('\n', ', '))}`
  if (Date.parse(certificate.validTo) <= nowMs) return `${of} ended on ${certificate.validTo}`
  if (Date.parse(certificate.validFrom) > nowMs) return `${of} begins on ${certificate.validFrom} only`
  return undefined
}

function parseAuthority(block: PemBlock, nowMs: number): Outcome<string> {
  const certificate = parseCertificate(block)
  if ('problem' in certificate) return certificate
  if (!certificate.value.ca)
    return { problem: `${quote(certificate.value.subject.replaceAll('\n', ', '))} is no authority (CA:TRUE)` }
  const problem = whyNotNow(certificate.value, nowMs)
  return problem === undefined ? { value: certificate.value.toString() } : { problem }
}

/** One certificate each; those that cannot be used are left out. */
export function readAuthorities(reader: ValueReader, nowMs: number): readonly string[] {
  const blocks = reader.one(key, parsePem) ?? []
  return reader.each(key, blocks, block => parseAuthority(block, nowMs))
}
