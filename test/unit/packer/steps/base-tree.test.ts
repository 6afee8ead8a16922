import { spawnSync } from 'node:child_process'
import test from 'ava'
import { debian } from '../../../../packer/bases/debian.ts'
import { createBaseTreeStep, planHook, planMmdebstrap } from '../../../../packer/steps/base-tree.ts'

const inputsOf = (base = debian) => createBaseTreeStep({ base, mmdebstrapVersion: 'mmdebstrap 1' }).inputs(neverDone)
const neverDone = {
  file: () => '',
  hash: () => '',
  all: () => [],
}

test('every package of the base is installed, from the archive that signs it', t => {
  const command = planMmdebstrap({ base: debian, dir: '/work' })
  t.true(command.includes(`--include=${debian.packages.join(',')}`))
  t.deepEqual(command.slice(-2), ['trixie', '/work/tree.tar'])
  t.notRegex(command.join(' '), /trusted=yes|allow-unauthenticated/)
})

test('the hook is a program that sh can read', t => {
  t.is(spawnSync('sh', ['-n'], { input: planHook(debian) }).status, 0)
})

test('another package list is another base, the folder it is built in is not', async t => {
  t.deepEqual(await inputsOf(), await inputsOf({ ...debian }))
  t.notDeepEqual(await inputsOf(), await inputsOf({ ...debian, packages: ['systemd'] }))
})

test('the initial ramdisk finds the disk of every hypervisor', t => {
  const wanted = [
    'mptspi',
    'mptsas',
    'vmw_pvscsi',
    'sym53c8xx',
    'ahci',
    'ata_piix',
    'nvme',
    'virtio_blk',
    'virtio_scsi',
  ]
  for (const name of [...wanted, 'ext4', 'hid_generic']) t.true(debian.initrdModules.includes(name), name)
})

test('network drivers of the common virtual cards are kept', t => {
  const kept = ['drivers/net/ethernet/intel', 'drivers/net/vmxnet3', 'drivers/net/virtio_net.ko']
  for (const path of kept)
    t.false(
      debian.removedModules.some(removed => path.startsWith(removed)),
      path,
    )
})
