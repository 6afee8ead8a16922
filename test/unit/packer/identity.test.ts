import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { findPasswords, findTraces, machineId, renderShadow } from '../../../packer/identity.ts'

const clean = { 'etc/machine-id': machineId, 'etc/shadow': 'root:!*:20000:0:99999:7:::\ndaemon:*:20000:0:::::\n' }

async function createTree(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tree-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  for (const [path, text] of Object.entries({ ...clean, ...files })) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return dir
}

test('a clean tree has no traces', async t => {
  t.deepEqual(await findTraces(await createTree(t, {})), [])
})

const traces: Record<string, RegExp> = {
  'etc/ssh/ssh_host_ed25519_key': /an SSH host key/,
  'root/.ssh/authorized_keys': /an authorized key/,
  'home/builder/.ssh/authorized_keys': /an authorized key/,
  'var/log/apt/history.log': /a log/,
  'var/log/journal/0123/system.journal': /a log/,
  'var/lib/apt/lists/mirror_dists_Packages': /a package list/,
  'root/.bash_history': /a shell history/,
  'var/lib/systemd/random-seed': /a seed/,
  'var/lib/docker/engine-id': /Docker's identity/,
  'root/.ssh/id_ed25519': /a private key/,
  'etc/machine-id': /a machine id/,
  'etc/dpkg/dpkg.cfg.d/99mmdebstrap': /writes without flushing/,
}

for (const [path, what] of Object.entries(traces)) {
  test(`found: /${path}`, async t => {
    const found = await findTraces(await createTree(t, { [path]: 'anything\n' }))
    t.true(
      found.some(line => what.test(line) && line.includes('/')),
      found.join('\n'),
    )
  })
}

test('a password or an open door is found by its user', t => {
  t.deepEqual(findPasswords('root:$y$j9T$x:20000::\nopen::20000::\nlocked:!$y$x:1::\noff:*:1::\n'), ['root', 'open'])
})

test('the day of the last password change becomes the epoch', t => {
  t.is(renderShadow('root:!*:20411:0:99999:7:::\nx:!::::::\n', 86_400 * 3), 'root:!*:3:0:99999:7:::\nx:!::::::\n')
})
