/** QEMU of this machine: a folder with a disk that is kept, and a machine on this terminal. */
import { join } from 'node:path'
import { renderSmbios, serialLogin } from '../credentials.ts'
import type { Command } from '../shell.ts'
import type { Target, Wishes } from './target.ts'

/** As with `npm run boot`, root is logged in on the terminal: that holds for this run. */
const credentials = Object.entries(serialLogin).flatMap(entry => ['-smbios', renderSmbios(entry)])

function planMachine({ cpus = 2, memoryMib = 4096, accelerator }: Wishes, disk: string, port: string): Command {
  const lead = (hostPort: number, guestPort: number): string => `hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`
  const forwards = [lead(Number(port), 443), lead(Number(port) + 1, 8443)]
  return [
    ...['qemu-system-x86_64', '-machine', 'q35', '-accel', accelerator, '-cpu', 'max'],
    ...[
      '-smp',
      String(cpus),
      '-m',
      String(memoryMib),
      '-drive',
      `file=${disk.replaceAll(',', ',,')},if=virtio,format=qcow2`,
    ],
    ...['-nic', ['user,model=virtio-net-pci', ...forwards].join(',')],
    ...['-display', 'none', '-serial', 'mon:stdio', ...credentials],
  ]
}

export const qemu: Target = {
  tool: 'qemu-system-x86_64',
  advice: 'Install it: apt-get install qemu-system-x86 qemu-utils',
  flags: {
    folder: { value: 'DIR', isPath: true, help: 'new folder of the machine' },
    port: {
      value: 'N',
      isCount: true,
      help: 'port of this machine that leads to the set-up page, later the gateway; the next one leads to the API; 9443 without it',
      optional: true,
    },
  },
  plan(ova, wishes) {
    const { folder = '', port = '9443' } = wishes.flags
    const [vmdk, disk] = [join(folder, ova.disk), join(folder, `${wishes.name}.qcow2`)]
    return [
      // Fails where the folder is there, so that no disk that is in use is written over.
      { command: ['mkdir', folder] },
      { command: ['tar', '-xf', ova.path, '-C', folder, ova.disk] },
      { command: ['qemu-img', 'convert', '-f', 'vmdk', '-O', 'qcow2', vmdk, disk] },
      { command: ['rm', vmdk] },
      ...(wishes.diskGib === undefined ? [] : [{ command: ['qemu-img', 'resize', disk, `${wishes.diskGib}G`] }]),
      ...(wishes.start ? [{ command: planMachine(wishes, disk, port) }] : []),
    ]
  },
}
