/** The way back of claims, in memory: what was in force before, as long as it is kept. */
import type { Former } from '../../provisioning/appliance/former.ts'
import type { Values } from '../../provisioning/firstboot/settings.ts'

export function createFormerInMemory(): Former {
  let kept: Values | undefined
  return {
    keep: async values => {
      kept = values
    },
    read: async () => kept,
    restoreCertificate: async () => undefined,
    drop: async () => {
      kept = undefined
    },
  }
}
