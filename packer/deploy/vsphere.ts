/** vCenter or an ESXi host, by govc, which takes address and credentials from its own environment (GOVC_...). */
import { DeployRefused, type DeployStep, type Ova, optional, type Target, type Wishes } from './target.ts'

/** What `govc import.spec` would print, with the choices made. */
const renderOptions = ({ network }: Ova, target: string): string =>
  `${JSON.stringify({ DiskProvisioning: 'thin', NetworkMapping: [{ Name: network, Network: target }] }, undefined, 2)}\n`

function planImport(ova: Ova, { name, flags }: Wishes): DeployStep {
  const { datastore, folder, host, pool, network, options } = flags
  if ((network === undefined) === (options === undefined)) {
    throw new DeployRefused('Give --network, or --options with a file that maps the networks, and not both')
  }
  const places = optional({ '-ds': datastore, '-folder': folder, '-host': host, '-pool': pool })
  const command = ['govc', 'import.ova', '-name', name, ...places, '-options', options ?? '-', ova.path]
  return network === undefined ? { command } : { command, input: renderOptions(ova, network) }
}

export const vsphere: Target = {
  tool: 'govc',
  advice: 'Get it from https://github.com/vmware/govmomi/releases and put it on the PATH',
  environment: ['GOVC_URL'],
  flags: {
    network: { value: 'NAME', help: 'network or port group of its adapter', optional: true },
    options: {
      value: 'FILE',
      isPath: true,
      help: 'options as `govc import.spec` prints them, instead of --network',
      optional: true,
    },
    datastore: { value: 'NAME', help: 'where its disk lies', optional: true },
    folder: { value: 'PATH', help: 'inventory folder', optional: true },
    host: { value: 'PATH', help: 'host of the cluster', optional: true },
    pool: { value: 'PATH', help: 'resource pool', optional: true },
  },
  plan(ova, wishes) {
    const { name, cpus, memoryMib, diskGib, start, flags } = wishes
    const machine = flags.folder === undefined ? name : `${flags.folder}/${name}`
    const size = optional({ '-c': cpus, '-m': memoryMib })
    return [
      planImport(ova, wishes),
      ...(size.length > 0 ? [{ command: ['govc', 'vm.change', '-vm', machine, ...size] }] : []),
      ...(diskGib === undefined
        ? []
        : [
            {
              command: [
                ...['govc', 'vm.disk.change', '-vm', machine],
                ...['-disk.label', 'Hard disk 1', '-size', `${diskGib}G`],
              ],
            },
          ]),
      ...(start ? [{ command: ['govc', 'vm.power', '-on', machine] }] : []),
    ]
  },
}
