/** VirtualBox of this machine, by VBoxManage. */
import { join } from 'node:path'
import { DeployRefused, type DeployStep, type Ova, optional, type Target, type Wishes } from './target.ts'

/** VirtualBox grows disks of its own format only, and names them after the member. */
function planGrowth(ova: Ova, { name, diskGib, flags }: Wishes): DeployStep[] {
  if (diskGib === undefined) return []
  const { basefolder } = flags
  if (basefolder === undefined) throw new DeployRefused('--disk-size takes --basefolder too: the disk is found by it')
  const disk = join(basefolder, name, ova.disk.replace(/\.vmdk$/, '.vdi'))
  return [{ command: ['VBoxManage', 'modifymedium', 'disk', disk, '--resize', String(diskGib * 1024)] }]
}

export const virtualbox: Target = {
  tool: 'VBoxManage',
  advice: 'Install VirtualBox (https://www.virtualbox.org/wiki/Downloads), which brings it',
  flags: {
    bridgeadapter: { value: 'NAME', help: 'network card of this machine; else VirtualBox takes one', optional: true },
    basefolder: {
      value: 'DIR',
      isPath: true,
      help: "where machines lie, where it is not VirtualBox's default",
      optional: true,
    },
  },
  plan(ova, wishes) {
    const { name, cpus, memoryMib, diskGib, start, flags } = wishes
    const size = optional({ '--cpus': cpus, '--memory': memoryMib, '--basefolder': flags.basefolder })
    const format = diskGib === undefined ? [] : ['--options', 'importtovdi']
    const bridge = ['VBoxManage', 'modifyvm', name, '--nic1', 'bridged', '--bridgeadapter1', flags.bridgeadapter ?? '']
    return [
      { command: ['VBoxManage', 'import', ova.path, ...format, '--vsys', '0', '--vmname', name, ...size] },
      ...(flags.bridgeadapter === undefined ? [] : [{ command: bridge }]),
      ...planGrowth(ova, wishes),
      ...(start ? [{ command: ['VBoxManage', 'startvm', name, '--type', 'headless'] }] : []),
    ]
  },
}
