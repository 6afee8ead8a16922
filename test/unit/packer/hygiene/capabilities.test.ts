/** What getcap prints, as libcap 2.66 does, and what it may not be taken for. */
import test from 'ava'
import { listCapabilities, parseCapabilities } from '../../../../packer/hygiene/capabilities.ts'
import type { Command, Shell } from '../../../../packer/shell.ts'

function createShell(printed: string, commands: Command[] = []): Shell {
  return {
    run: async command => {
      commands.push(command)
      return printed
    },
    attach: async () => 0,
    start: () => ({ pid: 0, ended: Promise.resolve(), stop: async () => undefined }),
  }
}

test('a path with blanks, several capabilities, and all of them', t => {
  const printed = '/usr/bin/ping cap_net_raw=ep\n/srv/a b/y cap_chown=i cap_net_admin,cap_net_raw+ep\n/bin/all =ep\n'
  t.deepEqual(
    [...parseCapabilities(printed)],
    [
      ['/usr/bin/ping', 'cap_net_raw=ep'],
      ['/srv/a b/y', 'cap_chown=i cap_net_admin,cap_net_raw+ep'],
      ['/bin/all', '=ep'],
    ],
  )
})

test("the tree's own program is asked for all of the tree", async t => {
  const commands: Command[] = []
  t.is((await listCapabilities('/tree', createShell('', commands))).size, 0)
  t.deepEqual(commands, [['chroot', '/tree', 'getcap', '-r', '/']])
})

test('a line that is not understood ends the bake', async t => {
  await t.throwsAsync(listCapabilities('/tree', createShell('/a\nb cap_net_raw=ep\n')), { message: /not understood/ })
})
