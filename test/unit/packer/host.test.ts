import { tmpdir } from 'node:os'
import test from 'ava'
import { builders } from '../../../packer/builders.ts'
import { checkRoom, checkUser, findKvmFault, HostUnfit, loadHost } from '../../../packer/host.ts'
import type { Shell } from '../../../packer/shell.ts'

/** A machine with this Packer, on which the named commands fail. */
function createMachine({ packer = 'Packer v1.6.6', broken = [] as string[], ran = [] as string[] } = {}): Shell {
  return {
    run: async command => {
      ran.push(command.join(' '))
      const failing = broken.find(name => command.join(' ').startsWith(name))
      if (failing) throw new Error(`${failing}: failed`)
      return command[0] === 'packer' ? `${packer}\nmore` : `${command[0]} 1.0\nmore`
    },
    attach: async () => 0,
    start: () => ({ pid: 0, ended: Promise.resolve(), stop: async () => undefined }),
  }
}

const load = (machine = {}) =>
  loadHost({ shell: createMachine(machine), repository: '/checkout', builder: builders.qemu })

test('tools are listed with the first line of their version', async t => {
  const { tools } = await load()
  t.is(tools.packer, 'Packer v1.6.6')
  t.is(tools['qemu-img'], 'qemu-img 1.0')
})

test('without Packer the advice names the package and the lowest version', async t => {
  const unfit = await t.throwsAsync(load({ broken: ['packer'] }), { instanceOf: HostUnfit })
  t.regex(unfit?.message ?? '', /apt-get install packer.*1\.6\.6/)
})

test('any other tool that is missing is named, with the command that installs it', async t => {
  const unfit = await t.throwsAsync(load({ broken: ['mmdebstrap'] }), { instanceOf: HostUnfit })
  t.regex(unfit?.message ?? '', /^mmdebstrap is missing: run `npm run setup`/)
})

test('KVM that QEMU cannot start a machine on is no KVM', async t => {
  t.regex((await findKvmFault(createMachine({ broken: ['qemu-system-x86_64'] }))) ?? '', /\/dev\/kvm/)
})

test('too little room is refused with both numbers', async t => {
  const unfit = await t.throwsAsync(checkRoom(tmpdir(), 2 ** 60), { instanceOf: HostUnfit })
  t.regex(unfit?.message ?? '', /needs 1073741824\.0 GiB .* has [\d.]+ GiB/)
  await t.notThrowsAsync(checkRoom(tmpdir(), 1))
})

test('only root can bake, and others are told so', t => {
  t.notThrows(() => checkUser(0))
  for (const uid of [1000, undefined]) t.throws(() => checkUser(uid), { instanceOf: HostUnfit, message: /as root/ })
})

for (const [packer, isInstalled] of [
  ['Packer v1.6.6', false],
  ['Packer v1.7.0', true],
  ['Packer v1.14.2', true],
  ['Packer v2.0.0', true],
] as const) {
  test(`${packer} ${isInstalled ? 'is given its plugins' : 'has its builders in it'}`, async t => {
    const ran: string[] = []
    await load({ packer, ran })
    t.is(ran.includes('packer init packer/plugins/qemu'), isInstalled)
  })
}

test('a plugin that cannot be fetched is the machine unfit, with the command to run', async t => {
  const machine = { packer: 'Packer v1.9.4', broken: ['packer init'] }
  await t.throwsAsync(load(machine), {
    instanceOf: HostUnfit,
    message: /Run `packer init packer\/plugins\/qemu` in \/checkout/,
  })
})
