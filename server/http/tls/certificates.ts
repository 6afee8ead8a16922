/** The certificate that is shown, kept up to date: whoever replaces its files need not start the server again. */
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import { createSweeping } from '../../core/sweeping.ts'
import { type LiveIdentity, readCertificate, type TlsIdentity } from './identity.ts'
import type { CertificateSource } from './source.ts'

export interface CertificatesOptions {
  source: CertificateSource
  nowMs(): number
  log: Log
  /** Between two looks at the source. */
  periodMs?: number
}

export interface Certificates extends LiveIdentity {
  /** Why what is shown is not what should be. */
  problem(): string | undefined
  /** To be called when the server listens: what an authority vouches for is ordered from then on. */
  start(): void
  /** Looks at the source now. */
  reload(): void
  stop(): Promise<void>
}

const defaultPeriodMs = 10_000
const dayMs = 24 * 3_600_000
const warnMs = 14 * dayMs

const isSame = (a: TlsIdentity, b: TlsIdentity): boolean =>
  a.cert === b.cert && a.key === b.key && a.clientCa === b.clientCa

/** Rejects when there is nothing to show at all; what is of no use later is logged, and what was shown before stays. */
export async function openCertificates(options: CertificatesOptions): Promise<Certificates> {
  const { source, nowMs, log, periodMs = defaultPeriodMs } = options
  const followers: (() => void)[] = []
  let current = await source.load()
  let lastProblem = ''
  let warnedMs = 0

  const take = (identity: TlsIdentity): void => {
    current = identity
    for (const onChange of followers) onChange()
    const { names, fingerprint, endsMs } = readCertificate(identity.cert)
    log.info({ names, fingerprint, ends: new Date(endsMs).toISOString() }, 'another certificate is shown from now on')
  }

  const warnOfEnd = (): void => {
    const { endsMs } = readCertificate(current.cert)
    if (nowMs() < endsMs - warnMs || nowMs() < warnedMs + dayMs) return
    warnedMs = nowMs()
    log.warn({ ends: new Date(endsMs).toISOString() }, 'the certificate ends soon, or has ended: replace it')
  }

  const sweeping = createSweeping({
    periodMs,
    sweep: async () => {
      const identity = await source.load()
      lastProblem = ''
      if (!isSame(identity, current)) take(identity)
      warnOfEnd()
    },
    // Told once: the same files are looked at again and again.
    onError: thrown => {
      const cause = messageOf(thrown)
      if (cause !== lastProblem) log.error({ cause }, 'the certificate that was shown before stays')
      lastProblem = cause
    },
  })

  return {
    current: () => current,
    follow: onChange => void followers.push(onChange),
    problem: () => lastProblem || source.problem?.(),
    start: sweeping.start,
    reload: sweeping.wake,
    stop: sweeping.stop,
  }
}
