import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createShell, type Shell } from '../../../packer/shell.ts'
import { repository } from '../../../packer/source.ts'

const rootfs = join(repository, 'provisioning/rootfs')
const unitPath = 'etc/systemd/system/dispatch-server.service'

/** The overlay over this machine's own units, with empty programs where Node and the shell will be. */
async function createRoot(t: ExecutionContext): Promise<{ root: string; shell: Shell }> {
  const root = await mkdtemp(join(tmpdir(), 'units-'))
  t.teardown(() => rm(root, { recursive: true }))
  await cp(rootfs, root, { recursive: true, verbatimSymlinks: true })
  await cp('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  const shell = createShell({ logFile: join(root, 'shell.log'), signal: new AbortController().signal })
  for (const program of ['usr/lib/dispatch/node', 'bin/sh'])
    await shell.run(['install', '-D', '-m', '0755', '/bin/true', join(root, program)])
  return { root, shell }
}

/** What systemd says of our own unit; this machine's units are not ours to judge. */
async function complaints({ root, shell }: { root: string; shell: Shell }): Promise<string[]> {
  const verify = 'systemd-analyze verify --man=no --root="$1" dispatch-server.service 2>&1 || true'
  const output = await shell.run(['sh', '-c', verify, 'sh', root])
  return output.split('\n').filter(line => line.includes('dispatch-server.service'))
}

test('systemd has nothing to say against the unit', async t => {
  t.deepEqual(await complaints(await createRoot(t)), [])
})

test('systemd would speak up about a wrong one', async t => {
  const bench = await createRoot(t)
  const unit = await readFile(join(bench.root, unitPath), 'utf8')
  await writeFile(
    join(bench.root, unitPath),
    unit.replace('[Service]', '[Service]\nNoSuchKey=yes\nExecStartPre=/no/such'),
  )
  t.true((await complaints(bench)).length > 0)
})

test('the service is well closed: its exposure is below 2.5 of 10', async t => {
  const { root, shell } = await createRoot(t)
  const limit = ['--offline=yes', '--threshold=25', `--root=${root}`]
  await t.notThrowsAsync(shell.run(['systemd-analyze', 'security', ...limit, 'dispatch-server.service']))
})

test('the first boot enables what the preset lists, and what comes along with it by Also= is known', async t => {
  const { root, shell } = await createRoot(t)
  await shell.run(['systemctl', `--root=${root}`, 'preset-all'])
  const list = ['list-unit-files', '--state=enabled', '--no-legend', '--plain']
  const enabled = (await shell.run(['systemctl', `--root=${root}`, ...list])).trim().split('\n')
  const names = enabled.map(line => line.split(/\s+/)[0] ?? '')
  const preset = await readFile(join(rootfs, 'etc/systemd/system-preset/10-appliance.preset'), 'utf8')
  t.deepEqual(
    names.filter(name => !preset.split('\n').includes(`enable ${name}`)),
    ['systemd-networkd.socket'],
  )
  for (const name of ['dispatch-server.service', 'systemd-networkd.service']) t.true(names.includes(name), name)
})

test('nothing waits for an address: the network may have no DHCP', async t => {
  const { root, shell } = await createRoot(t)
  await shell.run(['systemctl', `--root=${root}`, 'preset-all'])
  const ask = 'systemctl --root="$1" is-enabled systemd-networkd-wait-online.service || true'
  t.is((await shell.run(['sh', '-c', ask, 'sh', root])).trim(), 'masked')
})

test('stopping the firewall takes away our own table, not the rules of Docker', async t => {
  const dropIn = await readFile(join(rootfs, 'etc/systemd/system/nftables.service.d/10-appliance.conf'), 'utf8')
  const stops = dropIn.split('\n').filter(line => line.startsWith('ExecStop='))
  const rules = await readFile(join(rootfs, 'etc/nftables.conf'), 'utf8')
  const tables = [...new Set(rules.match(/(?<=^table ).*?(?= \{|$)/gm))]
  t.deepEqual(stops, ['ExecStop=', ...tables.map(table => `ExecStop=/usr/sbin/nft delete table ${table}`)])
})
