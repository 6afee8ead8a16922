/** What other programs make of the finished .ova: readers of VirtualBox's, Proxmox's and VMware's rules, QEMU, virt-v2v. */
import assert from 'node:assert/strict'
import { importByProxmox } from '../helpers/importers/proxmox.ts'
import { importByVirtualBox } from '../helpers/importers/virtualbox.ts'
import { checkForVmware } from '../helpers/importers/vmware.ts'
import type { Bench } from './bench.ts'
import { convertMachine } from './virt-v2v.ts'

const gib = 1024 ** 3

async function proveReaders({ ova, print }: Bench): Promise<void> {
  const [virtualBox, proxmox] = [await importByVirtualBox(ova), await importByProxmox(ova)]
  for (const { name, cpus, memoryMib, disks, nics, warnings } of [virtualBox, proxmox]) {
    assert.deepEqual(
      { name, cpus, memoryMib, warnings },
      { name: 'dispatch-solo', cpus: 2, memoryMib: 4096, warnings: [] },
    )
    assert.deepEqual([disks.length, nics.length], [1, 1])
    assert.ok((disks[0]?.bytes ?? 0) >= 10 * gib)
  }
  assert.deepEqual([virtualBox.guestOs, proxmox.guestOs], ['Debian_64', 'l26'])
  print('ok  VirtualBox and Proxmox VE, by their rules: one machine, with one disk and one network card')
  assert.deepEqual(await checkForVmware(ova), [])
  print('ok  VMware, by its rules: nothing to refuse; the digests of the streams are those of the manifest')
}

/** Takes about five minutes without KVM, nearly all of it in virt-v2v. */
export async function proveImporters(bench: Bench): Promise<void> {
  await proveReaders(bench)
  await bench.shell.run(['qemu-img', 'check', '-f', 'vmdk', bench.vmdk])
  bench.print('ok  qemu-img: no errors in the disk')
  await convertMachine(bench)
}
