/** Docker's own networks: within the network that was given, or where Docker likes. */
import type { Settings } from '../settings.ts'
import { planFile, type Step } from './step.ts'

export const daemonFile = '/etc/docker/daemon.json'

/** As it is shipped. */
const shipped = {
  'storage-driver': 'overlay2',
  'log-driver': 'local',
  'log-opts': { 'max-size': '10m', 'max-file': '2' },
  'live-restore': true,
  'userland-proxy': false,
  'no-new-privileges': true,
}

export function planContainers({ containerNetwork }: Settings): Step[] {
  const networks = containerNetwork === undefined ? {} : divide(containerNetwork)
  const text = `${JSON.stringify({ ...shipped, ...networks }, undefined, 2)}\n`
  return [planFile({ path: daemonFile, text, why: 'how Docker runs, and which addresses its networks have' })]
}

/**
 * Eight networks: the first is Docker's own bridge, the server's networks get theirs of the others, since it asks Docker for
 * no special one (server/docker/egress-rules.ts).
 */
function divide(network: string) {
  const [base = '', prefix] = network.split('/')
  const size = Math.min(Number(prefix) + 3, 29)
  const gateway = base.replace(/\d+$/, last => String(Number(last) + 1))
  return { bip: `${gateway}/${size}`, 'default-address-pools': [{ base: network, size }] }
}
