/** Which guest each combination of base and builder takes, which steps follow, and what is refused. */
import test from 'ava'
import type { Base } from '../../../packer/bases/base.ts'
import { bases } from '../../../packer/bases/table.ts'
import { type Builder, builders, type Environment, type Guest, planGuest } from '../../../packer/builders.ts'
import { HostUnfit } from '../../../packer/host.ts'
import { packerEnv, planPacker, planScripts } from '../../../packer/packer.ts'
import { planBake } from '../../../packer/plan.ts'

const vsphere = {
  ...{ GOVC_URL: 'https://vcenter.example.com/sdk', GOVC_USERNAME: 'baker', GOVC_PASSWORD: 'hunter2-secret' },
  ...{ GOVC_HOST: 'esx1', GOVC_DATASTORE: 'ssd', GOVC_NETWORK: 'VM Network', GOVC_INSECURE: 'True' },
}
const cloned = { ...vsphere, DISPATCH_VSPHERE_TEMPLATE: 'golden' }

const archive = { mirrors: () => Promise.reject(new Error('no network')), state: '' }
const lock = { suite: 'trixie', packages: {} }
const rest = { archive, lock, version: '1', commit: 'c', tools: {}, accelerator: 'tcg', files: [], beside: [] } as const

const stepsOf = (base: Base, builder: Builder, env: Environment) =>
  planBake({ base, guest: planGuest(base, builder, env), ...rest }).map(({ name }) => name)

const common = ['bundles', 'licences', 'programs', 'node', 'archives', 'payload', 'bake', 'seal', 'ova', 'verify']

type Combination = {
  readonly base: Base
  readonly builder: Builder
  readonly env: Environment
  readonly origin: Guest['origin']
  readonly source: string
}

const combinations: readonly Combination[] = [
  { base: bases.debian, builder: builders.qemu, env: {}, origin: 'tree', source: 'qemu.disk' },
  { base: bases.ubuntu, builder: builders.qemu, env: {}, origin: 'image', source: 'qemu.disk' },
  { base: bases.photon, builder: builders.qemu, env: {}, origin: 'iso', source: 'qemu.installer' },
  ...Object.values<Base>(bases).flatMap((base): Combination[] => [
    { base, builder: builders.virtualbox, env: {}, origin: 'iso', source: 'virtualbox-iso.guest' },
    { base, builder: builders.vsphere, env: vsphere, origin: 'iso', source: 'vsphere-iso.guest' },
    { base, builder: builders.vsphere, env: cloned, origin: 'template', source: 'vsphere-clone.guest' },
  ]),
]

for (const { base, builder, env, origin, source } of combinations) {
  test(`${base.name} in ${builder.name} starts from its ${origin}`, t => {
    const guest = planGuest(base, builder, env)
    t.is(guest.origin, origin)
    t.is(guest.source, source)
    const before = origin === 'tree' ? ['lock', 'base-tree', 'base-disk'] : []
    t.deepEqual(stepsOf(base, builder, env), [...before, ...common])
    const { scripts } = planScripts({ repository: '/r', guest, packages: '/step/packages.sh' })
    t.is(scripts.includes('/step/packages.sh'), origin !== 'tree')
    t.deepEqual(
      scripts.slice(-3).map(path => path.replace(/^.*\//, '')),
      ['install.sh', 'prove.sh', 'hand-over.sh'],
    )
  })
}

test('vSphere without settings is refused, with all that are missing', t => {
  const { GOVC_PASSWORD: _, ...partial } = vsphere
  const unfit = t.throws(() => planGuest(bases.debian, builders.vsphere, partial), { instanceOf: HostUnfit })
  t.regex(unfit?.message ?? '', /Set GOVC_PASSWORD in the environment/)
  t.throws(() => planGuest(bases.debian, builders.vsphere, {}), {
    message: /GOVC_URL, GOVC_USERNAME, GOVC_PASSWORD, GOVC_HOST, GOVC_DATASTORE, GOVC_NETWORK/,
  })
})

test('a password reaches Packer by its environment alone', t => {
  const { settings, source } = planGuest(bases.ubuntu, builders.vsphere, vsphere)
  t.is(packerEnv('/step', settings).PKR_VAR_vsphere_password, 'hunter2-secret')
  const command = planPacker('build', { repository: '/r', source, variables: '/step/v.json' })
  t.notRegex(command.join(' '), /hunter2-secret/)
})

test("govc's address becomes the host that Packer wants, its switch a boolean", t => {
  const { settings } = planGuest(bases.ubuntu, builders.vsphere, vsphere)
  t.is(settings.vsphere_server, 'vcenter.example.com')
  t.is(settings.vsphere_insecure, 'true')
  const plain = planGuest(bases.ubuntu, builders.vsphere, { ...vsphere, GOVC_URL: 'esx1:8443' })
  t.is(plain.settings.vsphere_server, 'esx1:8443')
})

test('without disks of their own, payload and tree are files that sealing drops', t => {
  const guest = planGuest(bases.debian, builders.virtualbox, {})
  t.deepEqual(planScripts({ repository: '/r', guest, packages: '/p' }).environment, [
    'PAYLOAD=/var/tmp/payload.tar',
    'SEALED=/var/tmp/sealed.tar',
  ])
})
