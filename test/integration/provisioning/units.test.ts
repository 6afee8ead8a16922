import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createShell, type Shell } from '../../../packer/shell.ts'
import { repository } from '../../../packer/source.ts'

const rootfs = join(repository, 'provisioning/rootfs')
const unitPath = 'etc/systemd/system/dispatch-server.service'

/** The overlay over this machine's own units, with an empty program where Node will be. */
async function createRoot(): Promise<{ root: string; shell: Shell }> {
  const root = await mkdtemp(join(tmpdir(), 'units-'))
  await cp(rootfs, root, { recursive: true, verbatimSymlinks: true })
  await cp('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  const shell = createShell({ logFile: join(root, 'shell.log'), signal: new AbortController().signal })
  await shell.run(['install', '-D', '-m', '0755', '/bin/true', join(root, 'usr/lib/dispatch/node')])
  return { root, shell }
}

/** What systemd says of our own unit; this machine's units are not ours to judge. */
async function complaints({ root, shell }: { root: string; shell: Shell }): Promise<string[]> {
  const verify = 'systemd-analyze verify --man=no --root="$1" dispatch-server.service 2>&1 || true'
  const output = await shell.run(['sh', '-c', verify, 'sh', root])
  return output.split('\n').filter(line => line.includes('dispatch-server.service'))
}

test('systemd has nothing to say against the unit', async t => {
  t.deepEqual(await complaints(await createRoot()), [])
})

test('systemd would speak up about a wrong one', async t => {
  const bench = await createRoot()
  const unit = await readFile(join(bench.root, unitPath), 'utf8')
  await writeFile(
    join(bench.root, unitPath),
    unit.replace('[Service]', '[Service]\nNoSuchKey=yes\nExecStartPre=/no/such'),
  )
  t.true((await complaints(bench)).length > 0)
})

test('the service is well closed: its exposure is below 2.5 of 10', async t => {
  const { root, shell } = await createRoot()
  const limit = ['--offline=yes', '--threshold=25', `--root=${root}`]
  await t.notThrowsAsync(shell.run(['systemd-analyze', 'security', ...limit, 'dispatch-server.service']))
})

test('the first boot enables what the preset lists and nothing else', async t => {
  const preset = await readFile(join(rootfs, 'etc/systemd/system-preset/10-appliance.preset'), 'utf8')
  const rules = preset.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  t.is(rules.at(-1), 'disable *')
  t.true(rules.includes('enable dispatch-server.service'))
  t.deepEqual(
    rules.filter(rule => /ssh|wait-online|apt-daily/.test(rule)),
    [],
  )
})
