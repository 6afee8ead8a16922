/** An appliance that was told nothing, on a machine where nothing runs yet; and settings of each kind, for those who try plans. */
import type { Facts } from '../../provisioning/firstboot/plan/step.ts'
import type { Settings } from '../../provisioning/firstboot/settings.ts'

export const noSettings: Settings = {
  network: { nameServers: [], searchDomains: [] },
  timeServers: [],
  proxy: { exceptions: [] },
  authorities: [],
  ssh: { authorizedKeys: [], rootLogin: 'unsaid' },
  organization: 'dispatch',
}

export const freshFacts: Facts = {
  base: 'debian',
  links: [{ name: 'ens192', mac: '00:0c:29:aa:bb:cc', driver: 'vmxnet3' }],
  hostName: 'dispatch',
  passwords: [],
  authorityFiles: [],
}
