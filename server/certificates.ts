/** The certificate of this server, wired: where it comes from follows from the configuration. */
import type { AppOptions } from './app-options.ts'
import type { CertificateConfig } from './config/tls.ts'
import type { Config } from './config.ts'
import { type Clock, msOf } from './core/clock.ts'
import type { Log } from './core/ports.ts'
import { type Certificates, openCertificates } from './http/tls/certificates.ts'
import { type Challenges, createChallenges } from './http/tls/challenges.ts'
import { createLetsEncrypt } from './http/tls/lets-encrypt.ts'
import { planNames, readMachine } from './http/tls/names.ts'
import { orderCertificate } from './http/tls/order.ts'
import { createSelfMade } from './http/tls/self-made.ts'
import { type CertificateSource, createFileSource, withClientCa } from './http/tls/source.ts'

interface Surroundings {
  /** That all listeners bind. */
  host: string
  clock: Clock
  log: Log
}

interface Source {
  source: CertificateSource
  /** What an authority asks is answered by the gateway too. */
  challenges?: Challenges
}

export interface ServerCertificates {
  certificates: Certificates | undefined
  /** What the app takes of them. */
  served: Pick<AppOptions, 'tls' | 'challenges' | 'clientCertificates' | 'certificateProblem'>
}

interface Server {
  isListening(): boolean
  onChange(): void
}

function createSource(wanted: CertificateConfig, around: Surroundings, server: Server): Source {
  const { host, clock, log } = around
  const nowMs = (): number => msOf(clock.nowNs())
  const selfMade = ({ directory, names }: { directory: string; names: readonly string[] }): CertificateSource =>
    createSelfMade({ directory, names: () => planNames(names, host, readMachine()), nowMs, log })
  switch (wanted.kind) {
    case 'files':
      return { source: createFileSource(wanted.certificateFile, wanted.keyFile) }
    case 'self-made':
      return { source: selfMade(wanted) }
    case 'lets-encrypt': {
      const challenges = createChallenges({ host, port: wanted.port })
      const fallback = selfMade(wanted.selfMade)
      const order = orderCertificate
      const parts = { challenges, order, fallback, nowMs, log }
      return { challenges, source: createLetsEncrypt({ ...wanted, ...parts, ...server }) }
    }
  }
}

/** Rejects when there is nothing to show. */
export async function openServerCertificates(
  { tls, host }: Pick<Config, 'tls' | 'host'>,
  around: Omit<Surroundings, 'host'>,
): Promise<ServerCertificates> {
  if (!tls) return { certificates: undefined, served: {} }
  const { certificate, clients } = tls
  let reload = (): void => undefined
  let isListening = false
  const server = { isListening: () => isListening, onChange: () => reload() }
  const { source, ...challenges } = createSource(certificate, { ...around, host }, server)
  const certificates = await openCertificates({
    source: clients ? withClientCa(source, clients.caFile) : source,
    nowMs: () => msOf(around.clock.nowNs()),
    log: around.log,
  })
  reload = certificates.reload
  const start = (): void => {
    isListening = true
    certificates.start()
  }
  const clientAuth = clients && { clientCertificates: clients.auth }
  return {
    certificates: { ...certificates, start },
    served: { tls: certificates, certificateProblem: certificates.problem, ...challenges, ...clientAuth },
  }
}
