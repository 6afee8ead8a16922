/** What a claim alone sets: afterwards it is the server's, and another value here would change nothing there. */
import type { Fault, Values } from '../firstboot/settings.ts'
import { refuse } from './refusal.ts'

const whoSets: Values = {
  'dispatch.admin_pwd':
    '`dispatch appliance claim` sets it; once claimed, `dispatch iam set-password admin` sets that of the server, and `passwd admin` that of the machine',
  'dispatch.organization':
    '`dispatch appliance claim --in-organization NAME` sets it; once claimed, `dispatch iam create organization NAME` makes another one',
}

/** Throws a refusal. What says the same as before may come along. */
export function refuseClaimKeys(changes: Values, present: Values): void {
  const faults = Object.entries(whoSets).flatMap(([key, problem]): Fault[] => {
    const isOther = (changes[key] ?? present[key] ?? '').trim() !== (present[key] ?? '').trim()
    return isOther ? [{ key, problem, instead: 'it stays as it is' }] : []
  })
  if (faults.length > 0) throw refuse('faults', 'nothing was changed: mend what is named', { faults })
}
