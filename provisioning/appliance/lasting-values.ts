/** Which values are remembered as text: none that is secret, and no certificate, which is kept with its key; that it was taken back is. */
import { guestKey, properties } from '../../ova/properties.ts'
import { isAbsent } from '../firstboot/parse/reading.ts'
import { certificateKeys } from '../firstboot/secret-values.ts'
import type { Values } from '../firstboot/settings.ts'

const passing = new Set([
  ...properties.filter(({ password }) => password).map(guestKey),
  ...Object.values(certificateKeys),
])

/** The administrator's certificate was taken back: the appliance makes its own. */
export const isWithoutCertificate = (values: Values): boolean =>
  isAbsent(values[certificateKeys.certificate] ?? 'unsaid')

export const lastingValues = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([key]) => !passing.has(key) || (key === certificateKeys.certificate && isWithoutCertificate(values)),
    ),
  )
