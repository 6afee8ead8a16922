import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, matchesGlob } from 'node:path'
import test from 'ava'
import { listPackages } from '../../../../packer/bases/base.ts'
import { debian } from '../../../../packer/bases/debian.ts'
import { renderSources } from '../../../../packer/debian-archive.ts'
import { createBaseTreeStep, planHook, planMmdebstrap } from '../../../../packer/steps/base-tree.ts'

const inputsOf = (base = debian, state = 'monday') => {
  const archive = { mirrors: () => Promise.reject(new Error('no network')), state }
  return createBaseTreeStep({ base, archive, mmdebstrapVersion: 'mmdebstrap 1' }).inputs(neverDone)
}
const neverDone = {
  file: () => '',
  hash: () => '',
  all: () => [],
}

test('every package of the base is installed, from the archive that signs it', t => {
  const sources = renderSources({ archive: 'http://a.test/debian', security: 'http://a.test/debian-security' })
  const command = planMmdebstrap({ base: debian, dir: '/bake', sources })
  t.true(command.includes(`--include=${listPackages(debian).join(',')}`))
  t.deepEqual(command.slice(-5), ['trixie', '/bake/tree.tar', ...sources])
  t.notRegex(command.join(' '), /trusted=yes|allow-unauthenticated/)
})

test('the hook is a program that sh can read', t => {
  t.is(spawnSync('sh', ['-n'], { input: planHook(debian) }).status, 0)
})

test('another package list is another base, the folder it is built in is not', async t => {
  t.deepEqual(await inputsOf(), await inputsOf({ ...debian }))
  t.notDeepEqual(await inputsOf(), await inputsOf({ ...debian, packages: { ...debian.packages, shell: [] } }))
})

test('other packages in the archive are another base', async t => {
  t.notDeepEqual(await inputsOf(debian, 'monday'), await inputsOf(debian, 'tuesday'))
})

test('the finished tree names no package source, least of all the mirror of the machine that baked', async t => {
  const tree = await mkdtemp(join(tmpdir(), 'base-tree-'))
  t.teardown(() => rm(tree, { recursive: true }))
  await mkdir(join(tree, 'etc/apt'), { recursive: true })
  const [line = ''] = /^echo .*sources\.list$/m.exec(planHook(debian)) ?? []
  t.is(spawnSync('sh', ['-c', line, 'sh', tree]).status, 0)
  t.regex(await readFile(join(tree, 'etc/apt/sources.list'), 'utf8'), /^#[^\n]*\n$/)
})

test('the initial ramdisk is asked for the disk controllers of every hypervisor', t => {
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

test('drivers of the common virtual machines are kept', t => {
  const kept = [
    ...['drivers/net/ethernet/intel/e1000', 'drivers/net/ethernet/intel/e1000e', 'drivers/net/vmxnet3'],
    ...['drivers/net/virtio_net.ko', 'drivers/net/hyperv', 'drivers/net/xen-netfront.ko', 'drivers/net/veth.ko'],
    ...['drivers/message/fusion', 'drivers/scsi/vmw_pvscsi.ko', 'drivers/scsi/sym53c8xx_2', 'drivers/scsi/megaraid'],
    ...['drivers/ata/ahci.ko', 'drivers/ata/ata_piix.ko', 'drivers/nvme/host/nvme.ko', 'drivers/block/virtio_blk.ko'],
    ...['drivers/hid/hid-generic.ko', 'drivers/hid/hid-hyperv.ko', 'drivers/input/mouse/psmouse.ko', 'fs/overlayfs'],
    ...['fs/isofs', 'fs/ext4', 'fs/fat', 'net/bridge', 'net/netfilter'],
  ]
  const isRemoved = (path: string) =>
    debian.removedModules.some(pattern => matchesGlob(path, pattern) || matchesGlob(`${path}/any.ko`, pattern))
  for (const path of kept) t.false(isRemoved(path), path)
  t.true(isRemoved('sound/any.ko'))
})
