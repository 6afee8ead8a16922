import { tmpdir } from 'node:os'
import test from 'ava'
import { checkRoom, findKvmFault, HostUnfit, loadHost } from '../../../packer/host.ts'
import type { Shell } from '../../../packer/shell.ts'

/** A machine on which the named programs fail. */
function createMachine(...broken: string[]): Shell {
  return {
    run: async ([program = '']) => {
      if (broken.includes(program)) throw new Error(`${program}: not found`)
      return `${program} 1.0\nmore`
    },
    attach: async () => 0,
    start: () => ({ pid: 0, ended: Promise.resolve(), stop: async () => undefined }),
  }
}

test('tools are listed with the first line of their version', async t => {
  const { tools } = await loadHost(createMachine())
  t.is(tools.packer, 'packer 1.0')
})

test('without Packer the advice names the package and the lowest version', async t => {
  const unfit = await t.throwsAsync(loadHost(createMachine('packer')), { instanceOf: HostUnfit })
  t.regex(unfit?.message ?? '', /apt-get install packer.*1\.6\.6/)
})

test('any other tool that is missing is named, with the command that installs it', async t => {
  const unfit = await t.throwsAsync(loadHost(createMachine('mmdebstrap')), { instanceOf: HostUnfit })
  t.regex(unfit?.message ?? '', /^mmdebstrap is missing: run `npm run setup`/)
})

test('KVM that QEMU cannot start a machine on is no KVM', async t => {
  t.regex((await findKvmFault(createMachine('qemu-system-x86_64'))) ?? '', /\/dev\/kvm/)
})

test('too little room is refused with both numbers', async t => {
  const unfit = await t.throwsAsync(checkRoom(tmpdir(), 2 ** 60), { instanceOf: HostUnfit })
  t.regex(unfit?.message ?? '', /needs 1073741824\.0 GiB .* has [\d.]+ GiB/)
  await t.notThrowsAsync(checkRoom(tmpdir(), 1))
})
