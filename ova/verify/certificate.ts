/** Checks the .cert of an OVA: the signature over the manifest in its first line, and the signer's certificate behind it. */
import { verify, X509Certificate } from 'node:crypto'
import type { Report } from './check.ts'
import type { Member } from './tar.ts'

const form =
  /^SHA256\(([^()\r\n]+)\)= ([0-9a-f]{2,4096})\n(-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n)$/

function isSignedBy(pem: string, signature: Buffer, manifestText: string): boolean | undefined {
  try {
    return verify('sha256', Buffer.from(manifestText, 'latin1'), new X509Certificate(pem).publicKey, signature)
  } catch {
    return undefined
  }
}

/** Whether the signer is to be trusted is for whoever imports to say. */
export function checkCertificate(
  text: string,
  { member, manifestText }: { member: Member; manifestText: string },
  report: Report,
): void {
  const [, name = '', hex = '', pem = ''] = form.exec(text) ?? []
  const manifestName = member.name.replace(/cert$/, 'mf')
  if (name !== manifestName) {
    report(0, 'another form, or another name', `SHA256(${manifestName})= hex, then one certificate as PEM`)
    return
  }
  const isSigned = isSignedBy(pem, Buffer.from(hex, 'hex'), manifestText)
  if (isSigned === undefined) report(0, 'the certificate cannot be read', 'one certificate as PEM')
  else if (!isSigned)
    report(0, 'the signature is not one over this manifest', 'a signature by the key of the certificate')
}
