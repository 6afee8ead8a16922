/** Decides what an API still needs: to be valid and stored is all that READY says. Pure. */
import type { ApiEntity } from './schema.ts'

export type Step = { do: 'nothing' } | { do: 'ready' } | { do: 'remove' }

export function planApi({ status }: Pick<ApiEntity, 'status'>): Step {
  if (status === 'DELETING') return { do: 'remove' }
  return { do: status === 'READY' ? 'nothing' : 'ready' }
}
