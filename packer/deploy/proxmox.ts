/** A node of Proxmox VE, on which this runs, by qm. */
import { join } from 'node:path'
import { optional, type Target } from './target.ts'

export const proxmox: Target = {
  tool: 'qm',
  advice: 'Run this on a node of Proxmox VE, or print the commands with --dry-run and paste them there',
  flags: {
    vmid: { value: 'N', isCount: true, help: 'free number of a machine' },
    storage: { value: 'NAME', help: 'where its disk lies, such as local-lvm' },
    bridge: { value: 'NAME', help: 'bridge of its adapter, vmbr0 without it', optional: true },
  },
  plan(ova, { name, cpus, memoryMib, diskGib, start, flags, workDir }) {
    const { vmid = '', storage = '', bridge = 'vmbr0' } = flags
    const hardware = ['--net0', `virtio,bridge=${bridge}`, '--scsihw', 'virtio-scsi-pci', '--serial0', 'socket']
    return [
      { command: ['tar', '-xf', ova.path, '-C', workDir] },
      { command: ['qm', 'importovf', vmid, join(workDir, ova.descriptor), storage] },
      {
        command: [
          ...['qm', 'set', vmid, '--name', name, '--ostype', 'l26', ...hardware],
          ...optional({ '--cores': cpus, '--memory': memoryMib }),
        ],
      },
      ...(diskGib === undefined ? [] : [{ command: ['qm', 'disk', 'resize', vmid, 'scsi0', `${diskGib}G`] }]),
      ...(start ? [{ command: ['qm', 'start', vmid] }] : []),
    ]
  },
}
