import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { loadArchive, parseMirrors, parsePackageLists, renderSources } from '../../../packer/debian-archive.ts'
import { HostUnfit } from '../../../packer/host.ts'
import type { Shell } from '../../../packer/shell.ts'

const line = (address: string) => `'${address}/dists/bookworm/InRelease' name_InRelease 0 \n`
const inRelease = (packages: string, date: string) =>
  `Date: ${date}\nSHA256:\n ${packages.repeat(64)}  5 main/binary-amd64/Packages\n`

/** apt on a machine: its sources, and what its mirror serves; without that, the mirror does not answer. */
function createApt(sources: string, served?: string): Shell {
  return {
    run: async command => {
      if (command[0] === 'apt-get') return sources
      if (served === undefined)
        throw new Error('apt-helper exited with code 100:\n  | E: Could not resolve the mirror\nmore')
      await writeFile(command.at(-1) ?? '', served)
      return ''
    },
    attach: async () => 0,
    start: () => ({ pid: 0, ended: Promise.resolve(), stop: async () => undefined }),
  }
}

async function trial(t: ExecutionContext) {
  const dir = await mkdtemp(join(tmpdir(), 'archive-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const lines: string[] = []
  const common = { env: {}, stateFile: join(dir, 'cache/state'), print: (text: string) => lines.push(text) }
  return { lines, load: (shell: Shell, env = {}) => loadArchive({ ...common, shell, env }) }
}

const sources = line('http://a.test/debian')

test('the mirrors are those of this machine', t => {
  const printed = line('http://other.test/node') + line('http://a.test/debian') + line('http://b.test/debian-security')
  t.deepEqual(parseMirrors(printed), { archive: 'http://a.test/debian', security: 'http://b.test/debian-security' })
})

test('a mirror without a security line, or a given one, has security beside it', t => {
  const mirrors = { archive: 'http://a.test/debian', security: 'http://a.test/debian-security' }
  t.deepEqual(parseMirrors(line('http://a.test/debian')), mirrors)
  t.deepEqual(parseMirrors(line('http://x.test/debian'), 'http://a.test/debian/'), mirrors)
})

const time = '20261101T000000Z'
const snapshot = parseMirrors('', `http://a.test/archive/debian/${time}/`)

test('a snapshot has security at the same second, below a name of its own', t => {
  const at = (name: string) => `http://a.test/archive/${name}/${time}`
  t.deepEqual(snapshot, { archive: at('debian'), security: at('debian-security') })
})

test('only lists of a snapshot are taken when their time is over, and those only as Debian signed them', t => {
  for (const source of renderSources(snapshot))
    t.regex(source, /^deb \[signed-by=\S+ check-valid-until=no\] http:\S+\/20261101T000000Z trixie/)
  t.notRegex(renderSources(parseMirrors('', 'http://a.test/debian')).join('\n'), /valid-until/)
})

test('every source is checked against the Debian keyring', t => {
  const lines = renderSources({ archive: 'http://a.test/debian', security: 'http://a.test/debian-security' })
  t.is(lines.length, 3)
  for (const source of lines)
    t.regex(source, /^deb \[signed-by=\/usr\/share\/keyrings\/debian-archive-keyring\.gpg\] http/)
})

test('DISPATCH_DEBIAN_MIRROR wins over the sources of this machine', async t => {
  const { load } = await trial(t)
  const archive = await load(createApt(sources, inRelease('a', 'x')), {
    DISPATCH_DEBIAN_MIRROR: 'http://own.test/debian',
  })
  t.is((await archive.mirrors()).archive, 'http://own.test/debian')
})

test('a machine without a Debian mirror is told what to set, once packages have to be fetched', async t => {
  const { load } = await trial(t)
  const archive = await load(createApt(line('http://a.test/ubuntu')))
  await t.throwsAsync(archive.mirrors(), { instanceOf: HostUnfit, message: /Set DISPATCH_DEBIAN_MIRROR/ })
})

test('the state follows the package lists, not the dates around them', async t => {
  const { load } = await trial(t)
  const stateOf = async (packages: string, date: string) =>
    (await load(createApt(sources, inRelease(packages, date)))).state
  t.is(await stateOf('a', 'Monday'), await stateOf('a', 'Tuesday'))
  t.not(await stateOf('a', 'Monday'), await stateOf('b', 'Monday'))
})

test('without an answer the last known state stands, and that is said', async t => {
  const { load, lines } = await trial(t)
  const { state } = await load(createApt(sources, inRelease('a', 'Monday')))
  t.deepEqual(lines, [])
  t.is((await load(createApt(sources))).state, state)
  t.regex(
    lines.join('\n'),
    /^Debian's archive does not say .*\(E: Could not resolve the mirror\); cached packages are used/,
  )
})

test('an answer that is no InRelease file is no state', t => {
  t.throws(() => parsePackageLists('<html>Please log in</html>'))
})
