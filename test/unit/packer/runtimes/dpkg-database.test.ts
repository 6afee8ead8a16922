import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import {
  addDatabase,
  type Database,
  emptyDatabase,
  parseInterests,
  renderDatabase,
  renderList,
} from '../../../../packer/runtimes/dpkg-database.ts'
import type { DebianPackage } from '../../../../packer/runtimes/packages.ts'
import { unpackPackages } from '../../../../packer/runtimes/tree.ts'
import { createShell } from '../../../../packer/shell.ts'

const control = (name: string, more = '') =>
  `Package: ${name}\nVersion: 1.0\nArchitecture: amd64\nMaintainer: nobody <n@example.org>\n${more}Description: a test\n`

async function makeStage(t: { teardown(end: () => Promise<void>): void }) {
  const dir = await mkdtemp(join(tmpdir(), 'dpkg-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const shell = createShell({ logFile: join(dir, 'log'), signal: new AbortController().signal })
  const makeDeb = async (name: string, files: Readonly<Record<string, string>>) => {
    const tree = join(dir, `source-${name}`)
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(tree, path, '..'), { recursive: true })
      await writeFile(join(tree, path), text, { mode: path.endsWith('inst') ? 0o755 : 0o644 })
    }
    const file = `${name}_1.0_amd64.deb`
    await shell.run(['dpkg-deb', '--build', '--root-owner-group', tree, join(dir, file)])
    return { name, version: '1.0', file, sha256: '' }
  }
  return { dir, shell, tree: join(dir, 'tree'), makeDeb }
}

test('dpkg takes unpacked packages for installed ones, and finds their files, scripts and triggers', async t => {
  const { dir, shell, tree, makeDeb } = await makeStage(t)
  const library = await makeDeb('liba', {
    'DEBIAN/control': control('liba', 'Multi-Arch: same\n'),
    'usr/lib/a.so': 'a',
  })
  const tool = await makeDeb('tool', {
    'DEBIAN/control': control('tool', 'Depends: liba (>= 1.0)\n'),
    'DEBIAN/conffiles': '/etc/tool.conf\n',
    'DEBIAN/postinst': '#!/bin/sh\n',
    'DEBIAN/triggers': 'interest-noawait /usr/share/tool\ninterest tool-cache\nactivate ldconfig\n',
    'etc/tool.conf': 'x = 1\n',
    'usr/share/tool/Főtanúsítvány': 'z',
  })
  const add = async (name: DebianPackage, below: Database) =>
    addDatabase(await unpackPackages([name], { folder: dir, tree, shell }), { tree, shell, below })
  const below = await add(library, emptyDatabase)
  await add(tool, below)
  const query = (...args: string[]) =>
    shell.run(['dpkg-query', '--root', tree, ...args], { env: { LC_ALL: 'C.UTF-8' } })
  t.is(await query('-W'), 'liba:amd64\t1.0\ntool\t1.0\n')
  t.regex(await query('--status', 'tool'), /^Status: install ok installed$/m)
  t.is(await query('-L', 'liba'), '/.\n/usr\n/usr/lib\n/usr/lib/a.so\n')
  t.regex(await query('-L', 'tool'), /^\/usr\/share\/tool\/Főtanúsítvány$/m)
  t.is(await query('-S', '/etc/tool.conf'), 'tool: /etc/tool.conf\n')
  t.is(await shell.run(['dpkg', '--root', tree, '--verify']), '')
  t.is(await readFile(join(tree, 'var/lib/dpkg/info/tool.postinst'), 'utf8'), '#!/bin/sh\n')
  t.is(await readFile(join(tree, 'var/lib/dpkg/triggers/File'), 'utf8'), '/usr/share/tool tool/noawait\n')
  t.is(await readFile(join(tree, 'var/lib/dpkg/triggers/tool-cache'), 'utf8'), 'tool\n')
})

test('a list begins with the root and has no slashes at ends', t => {
  t.is(renderList('./\n./usr/\n./usr/a b\n'), '/.\n/usr\n/usr/a b\n')
})

test('who waits for triggers and who does not; comments and activations are no interest', t => {
  t.deepEqual(
    parseInterests('# interest no\n interest /a\ninterest-await b\ninterest-noawait c\nactivate d\n', 'p:amd64'),
    [
      { trigger: '/a', listener: 'p:amd64' },
      { trigger: 'b', listener: 'p:amd64' },
      { trigger: 'c', listener: 'p:amd64/noawait' },
    ],
  )
})

test('the database does not depend on the order of packages', t => {
  const interests = ['b', 'a'].map(listener => ({ trigger: 'x', listener }))
  const one = renderDatabase({ stanzas: { b: 'Package: b', a: 'Package: a' }, interests })
  const other = renderDatabase({ stanzas: { a: 'Package: a', b: 'Package: b' }, interests: interests.toReversed() })
  t.deepEqual(one, other)
  t.is(one['var/lib/dpkg/status'], 'Package: a\n\nPackage: b\n\n')
})
