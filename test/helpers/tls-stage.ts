/** Certificates for tests of TLS: a directory for files, a log that is read, and listeners that are asked what they show. */
import { createPrivateKey } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { ExecutionContext } from 'ava'
import type { TlsIdentity } from '../../server/http/tls/identity.ts'
import { createEcKey, issueCertificate } from '../../server/http/tls/issue.ts'

export const dayMs = 24 * 3_600_000

export interface Line {
  level: string
  fields: Record<string, unknown>
  message: string
}

export async function openTlsStage(t: ExecutionContext) {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-tls-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const lines: Line[] = []
  const add = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void lines.push({ level, fields, message })
  return {
    directory,
    fileOf: (name: string): string => join(directory, name),
    lines,
    log: { info: add('info'), warn: add('warn'), error: add('error') },
  }
}

/** A pair that ends after so many days. */
export async function makePair(name: string, days = 365): Promise<TlsIdentity> {
  const key = createEcKey()
  const fromMs = Date.now() - dayMs
  return { key, cert: await issueCertificate({ key, names: [name], fromMs, untilMs: Date.now() + days * dayMs }) }
}

/** As OpenSSL writes it for other programs. */
export const pkcs8Of = (key: string): string =>
  createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString()

export async function listenForTls(t: Pick<ExecutionContext, 'teardown'>, server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

export const shake = (port: number, options: ConnectionOptions = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => resolve(socket))
    socket.once('error', reject)
  })

/** The first name of the certificate that is shown. */
export async function shownBy(port: number, options: ConnectionOptions = {}): Promise<string> {
  const socket = await shake(port, options)
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return String(subject.CN)
}
