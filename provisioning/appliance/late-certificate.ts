/** A certificate that was given and not taken is tried again while the machine runs: its clock is set late, or its disk has room again. */
import type { Values } from '../firstboot/settings.ts'
import type { CertificateKeeper, Pair } from './certificate.ts'
import { isWithoutCertificate } from './lasting-values.ts'
import type { Keeper } from './settings-keeper.ts'

export interface LateParts {
  readonly keeper: Pick<Keeper, 'change' | 'current'>
  readonly certificate: Pick<CertificateKeeper, 'given'>
  /** Between one try and the next. */
  pause(): Promise<void>
}

/** As it is compared. */
export const renderPair = (pair: Pair | undefined): string | undefined =>
  pair && JSON.stringify([pair.chainPem, pair.keyPem])

/** The administrator's pair in force. One that cannot be read is none: it is told when it is to be shown. */
export const loadPair = ({ given }: Pick<CertificateKeeper, 'given'>): Promise<string | undefined> =>
  given().then(renderPair, () => undefined)

/** Answers with the pair in force once it is that of the values; undefined where somebody has set another one, or taken it back. */
export async function takeLater(
  values: Values,
  { keeper, certificate, pause }: LateParts,
): Promise<string | undefined> {
  const before = await loadPair(certificate)
  const isOvertaken = async (): Promise<boolean> =>
    (await loadPair(certificate)) !== before || isWithoutCertificate(keeper.current().values)
  for (;;) {
    await pause()
    if (await isOvertaken()) return undefined
    // In the turn: somebody may have set another one while this waited for it.
    const beforeKept = async (): Promise<void> => {
      if (await isOvertaken()) throw new Error('another certificate was set meanwhile')
    }
    const isTried = await keeper.change({ values, beforeKept }).then(
      () => true,
      () => false,
    )
    const now = await loadPair(certificate)
    if (isTried && now !== before) return now
  }
}
