/** The one certificate of the appliance: the administrator's own, or one that is made here and made anew in time. */
import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, writeDurably } from '../../server/disk/files.ts'
import { readCertificate } from '../../server/http/tls/identity.ts'
import { createSelfMade, type SelfMadeOptions } from '../../server/http/tls/self-made.ts'

export interface Pair {
  readonly chainPem: string
  readonly keyPem: string
}

export interface CertificatePlaces {
  /** Ours alone: the administrator's pair, and the one made here. */
  readonly ownDir: string
  /** Where server and set-up page read the pair that counts. */
  readonly shownDir: string
  /** Whose members may read the key that counts. */
  readonly groupId: number
}

export interface CertificateKeeper {
  /** Keeps the administrator's pair. */
  keep(pair: Pair): Promise<void>
  /** The administrator's pair, where there is one. */
  given(): Promise<Pair | undefined>
  /** Back to one that is made here. */
  forget(): Promise<void>
  /** Shows the pair that counts by now; true when it is another one than before. */
  refresh(): Promise<boolean>
  /** SHA-256 in hexadecimal with colons. */
  fingerprint(): string | undefined
}

export const certificateFile = 'certificate.pem'
export const keyFile = 'key.pem'

export function parsePair(value: object): Pair {
  const { chainPem, keyPem } = Object.assign({ chainPem: '', keyPem: '' }, value)
  return { chainPem: String(chainPem), keyPem: String(keyPem) }
}

export function createCertificateKeeper(
  { ownDir, shownDir, groupId }: CertificatePlaces,
  from: Omit<SelfMadeOptions, 'directory'>,
): CertificateKeeper {
  /** One file, so that no power cut leaves the key of one pair beside the certificate of another. */
  const given = join(ownDir, 'given-pair.json')
  const shown = { certificate: join(shownDir, certificateFile), key: join(shownDir, keyFile) }
  const guarded = [shownDir, shown.key]
  const selfMade = createSelfMade({ ...from, directory: ownDir })
  let fingerprint: string | undefined

  async function loadGiven(): Promise<Pair | undefined> {
    const known = await readIfThere(given)
    return known === undefined ? undefined : parsePair(JSON.parse(known))
  }

  async function load(): Promise<Pair> {
    const known = await loadGiven()
    if (known) return known
    const { cert, key } = await selfMade.load()
    return { chainPem: cert, keyPem: key }
  }

  async function show({ chainPem, keyPem }: Pair): Promise<void> {
    await mkdir(shownDir, { recursive: true, mode: 0o750 })
    await writeDurably(shown.key, keyPem, { mode: 0o640 })
    await writeDurably(shown.certificate, chainPem, { mode: 0o644 })
    await admit()
  }

  async function admit(): Promise<void> {
    await Promise.all(guarded.map(path => chown(path, -1, groupId)))
    await chmod(shownDir, 0o750)
  }

  /** Whether those who show the pair may read it: the power may be cut between both. */
  const isAdmitted = async (): Promise<boolean> =>
    (await Promise.all(guarded.map(path => stat(path)))).every(({ gid }) => gid === groupId)

  return {
    async keep(pair) {
      await mkdir(ownDir, { recursive: true, mode: 0o700 })
      await writeDurably(given, JSON.stringify(pair), { mode: 0o600 })
    },
    given: loadGiven,
    forget: () => rm(given, { force: true }),
    async refresh() {
      await mkdir(ownDir, { recursive: true, mode: 0o700 })
      const pair = await load()
      fingerprint = readCertificate(pair.chainPem).fingerprint
      const present = [await readIfThere(shown.certificate), await readIfThere(shown.key)]
      if (present[0] === pair.chainPem && present[1] === pair.keyPem && (await isAdmitted())) return false
      await show(pair)
      return true
    },
    fingerprint: () => fingerprint,
  }
}
