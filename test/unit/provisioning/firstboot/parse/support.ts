/** Parses values for tests of what becomes of them. */
import { insteadOf } from '../../../../../provisioning/firstboot/parse/instead.ts'
import { parseValues } from '../../../../../provisioning/firstboot/parse/values.ts'
import type { Parsed, Values } from '../../../../../provisioning/firstboot/settings.ts'

export const parse = (values: Values, nowMs = Date.now()): Parsed => parseValues(values, nowMs)

/** `key: problem`, of faults that say what their key always says is done instead. */
export const faultsOf = (values: Values): readonly string[] =>
  parse(values).faults.map(({ key, problem, instead }) =>
    instead === insteadOf(key) ? `${key}: ${problem}` : `${key} promises ${instead}`,
  )
