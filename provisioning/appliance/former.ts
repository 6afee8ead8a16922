/** What was in force before a claim, on disk until the claim is whole: a power cut in the middle leaves the way back. */
import { join } from 'node:path'
import type { Files } from '../firstboot/files.ts'
import { planAbsent, planSecretFile } from '../firstboot/plan/step.ts'
import { parseValueTexts } from '../firstboot/record.ts'
import type { Values } from '../firstboot/settings.ts'
import { type CertificateKeeper, type Pair, parsePair } from './certificate.ts'

export interface Former {
  /** On disk when it resolves. */
  keep(values: Values): Promise<void>
  /** The values that count again; undefined: nothing was cut off. */
  read(): Promise<Values | undefined>
  restoreCertificate(): Promise<void>
  /** The change is whole, or taken back. */
  drop(): Promise<void>
}

export interface FormerParts {
  readonly files: Files
  /** Of what an appliance remembers. */
  readonly directory: string
  readonly certificate: Pick<CertificateKeeper, 'given' | 'keep' | 'forget'>
}

interface Kept {
  readonly values: Values
  readonly pair?: Pair
}

const why = 'what counts again should this claim be cut off'

function parseKept(text: string): Kept {
  const { values, pair } = Object.assign({ values: {}, pair: undefined }, JSON.parse(text))
  return { values: parseValueTexts(values), ...(pair && { pair: parsePair(pair) }) }
}

export function createFormer({ files, directory, certificate }: FormerParts): Former {
  const path = join(directory, 'former.json')

  async function load(): Promise<Kept | undefined> {
    const text = await files.read(path)
    return text === undefined ? undefined : parseKept(text)
  }

  return {
    async keep(values) {
      const pair = await certificate.given()
      const text = `${JSON.stringify({ values, ...(pair && { pair }) })}\n`
      await files.write(planSecretFile({ path, text, why }))
    },
    read: async () => (await load())?.values,
    async restoreCertificate() {
      const kept = await load()
      if (kept?.pair) await certificate.keep(kept.pair)
      else if (kept) await certificate.forget()
    },
    async drop() {
      const step = planAbsent(path, why)
      if (await files.differs(step)) await files.write(step)
    },
  }
}
