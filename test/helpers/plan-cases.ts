/** A machine on which nothing runs yet, for those who try plans. */
import type { Facts } from '../../provisioning/firstboot/plan/step.ts'

export const freshFacts: Facts = {
  base: 'debian',
  links: [{ name: 'ens192', mac: '00:0c:29:aa:bb:cc', driver: 'vmxnet3' }],
  hostName: 'dispatch',
  passwords: [],
  authorityFiles: [],
}
