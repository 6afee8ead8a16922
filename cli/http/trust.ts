/** Owns which certificate authorities are trusted: the system's, as every other tool on the machine does. */
import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { describeFileError } from '../failure.ts'

/** Where the distributions keep their bundle. */
const bundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem']

function readAsked(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw new Error(`SSL_CERT_FILE: ${describeFileError(thrown, 'open', path)}`, { cause: thrown })
  }
}

/** SSL_CERT_FILE, else the system's bundle, else the roots that come with Node. */
export function loadTrustedRoots(env: Readonly<Record<string, string | undefined>>): string[] {
  const asked = env.SSL_CERT_FILE
  if (asked) return [readAsked(asked)]
  for (const path of bundles) {
    try {
      return [readFileSync(path, 'utf8')]
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
    }
  }
  return [...rootCertificates]
}
