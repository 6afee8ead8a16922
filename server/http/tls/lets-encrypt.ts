/** A certificate of an authority that asks over HTTP whose the domain is, such as Let's Encrypt: ordered, kept, renewed. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import { writeDurably } from '../../disk/files.ts'
import type { Challenges } from './challenges.ts'
import { type CertificateFacts, findFault, readCertificate, type TlsIdentity } from './identity.ts'
import { createEcKey } from './issue.ts'
import type { orderCertificate } from './order.ts'
import { readPemIfThere } from './pem-files.ts'
import type { CertificateSource } from './source.ts'

export interface LetsEncryptOptions {
  domain: string
  directoryUrl: string
  /** Of the certificate, and of the account's key, by the names that the original gave them. */
  directory: string
  challenges: Challenges
  order: typeof orderCertificate
  /** Until then nothing is ordered: an authority that asks in vain counts that. */
  isListening(): boolean
  /** Shown until there is one. */
  fallback: CertificateSource
  nowMs(): number
  log: Log
  /** To be called when there is another one. */
  onChange(): void
}

const dayMs = 24 * 3_600_000
/** After a start the way to this server may open later than the server: a firewall that waits until all is well, say. */
const firstPauseMs = 60_000
/** An authority allows five failures an hour. */
const secondPauseMs = 15 * 60_000
const longestPauseMs = dayMs

/** `failures`: in a row, at least 1. Pure. */
export const planPauseMs = (failures: number): number =>
  failures === 1 ? firstPauseMs : Math.min(longestPauseMs, secondPauseMs * 2 ** Math.min(failures - 2, 20))

/** A third of its life before its end, which leaves weeks to mend what keeps it from being renewed. Pure. */
export const isDue = ({ beginsMs, endsMs }: CertificateFacts, nowMs: number): boolean =>
  nowMs > endsMs - (endsMs - beginsMs) / 3

const blocks = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g

/** One text with the key and the certificates, as the original kept it. undefined: it cannot be shown. */
function parseKept(text: string): TlsIdentity | undefined {
  const found = [...text.matchAll(blocks)].map(([block, label = '']) => ({ block: `${block}\n`, label }))
  const textOf = (ends: string): string => found.flatMap(it => (it.label.endsWith(ends) ? it.block : [])).join('')
  const identity = { cert: textOf('CERTIFICATE'), key: textOf('PRIVATE KEY') }
  return findFault(identity) === undefined ? identity : undefined
}

export function createLetsEncrypt(options: LetsEncryptOptions): CertificateSource {
  const { domain, directoryUrl, directory, challenges, order, isListening, fallback, nowMs, log, onChange } = options
  const file = join(directory, domain)
  const accountKeyFile = join(directory, 'acme_account+key')
  let isOrdering = false
  let failures = 0
  let nextMs = 0
  let problem: string | undefined

  async function loadAccountKey(): Promise<string> {
    const known = await readPemIfThere(accountKeyFile)
    if (known !== undefined) return known
    const created = createEcKey()
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeDurably(accountKeyFile, created, { mode: 0o600 })
    return created
  }

  async function renew(): Promise<void> {
    isOrdering = true
    try {
      const accountKey = await loadAccountKey()
      const kept = await challenges.during(() => order({ directoryUrl, domain, accountKey, challenges }))
      const got = parseKept(kept)
      if (!got) throw new Error('what the authority gave is no certificate for the key')
      await writeDurably(file, kept, { mode: 0o600 })
      onChange()
      if (isDue(readCertificate(got.cert), nowMs()))
        throw new Error('what the authority gave is to be renewed already: is the clock of this machine right?')
      failures = 0
      problem = undefined
    } catch (thrown) {
      failures += 1
      nextMs = nowMs() + planPauseMs(failures)
      const nextTry = new Date(nextMs).toISOString()
      const cause = messageOf(thrown)
      problem = `no certificate for ${domain} was obtained, which is tried again at ${nextTry}: ${cause}`
      log.error(
        { domain, directoryUrl, cause, nextTry },
        'no certificate was obtained: the domain has to lead to this server, on port 80 as others see it',
      )
    } finally {
      isOrdering = false
    }
  }

  return {
    load: async () => {
      const kept = parseKept((await readPemIfThere(file)) ?? '')
      const facts = kept && readCertificate(kept.cert)
      const isWanted = !facts || isDue(facts, nowMs())
      if (isWanted && isListening() && !isOrdering && nowMs() >= nextMs) void renew()
      return kept && facts && nowMs() < facts.endsMs ? kept : fallback.load()
    },
    problem: () => problem,
  }
}
