import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import { groupAlike, shareFiles } from '../../../packer/shared-files.ts'

const layer = 'var/lib/docker/overlay2/abc/diff'
const block = 'x'.repeat(5000)

async function createTree(
  t: { teardown: (clean: () => Promise<void>) => void },
  files: Record<string, { text: string; mode?: number }>,
): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'shared-files-'))
  t.teardown(() => rm(tree, { recursive: true }))
  for (const [path, { text, mode = 0o644 }] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), text)
    await chmod(join(tree, path), mode)
  }
  return tree
}

const inodeOf = async (tree: string, path: string) => (await stat(join(tree, path))).ino

test('files alike in the system and in a layer become one, with all names and contents as they were', async t => {
  const names = ['usr/lib/libc.so', `${layer}/usr/lib/libc.so`, 'usr/lib/copy.so']
  const tree = await createTree(t, Object.fromEntries(names.map(name => [name, { text: block }])))
  t.deepEqual(await shareFiles(tree), [
    { kept: 'usr/lib/copy.so', names: ['usr/lib/libc.so', names[1] ?? ''], bytes: 5000 },
  ])
  for (const name of names) {
    t.is(await readFile(join(tree, name), 'utf8'), block)
    t.is(await inodeOf(tree, name), await inodeOf(tree, 'usr/lib/copy.so'))
  }
  t.deepEqual(await shareFiles(tree), await shareFiles(tree))
})

test('another mode or content, a small file, and one that people edit stay files of their own', async t => {
  const tree = await createTree(t, {
    'usr/bin/a': { text: block, mode: 0o755 },
    [`${layer}/usr/bin/a`]: { text: block },
    'usr/bin/b': { text: `${block}b` },
    [`${layer}/usr/bin/b`]: { text: `${block}c` },
    'usr/bin/small': { text: 'small' },
    [`${layer}/usr/bin/small`]: { text: 'small' },
    'etc/long': { text: block },
    [`${layer}/etc/long`]: { text: block },
  })
  t.deepEqual(await shareFiles(tree), [])
})

test('a program that runs with the rights of its owner is never shared', t => {
  const file = { path: 'usr/bin/su', bytes: 9000, mode: 0o104755, uid: 0, gid: 0 }
  t.deepEqual(groupAlike([file, { ...file, path: `${layer}/usr/bin/su` }]), [])
})

test('a file that is replaced as dpkg does leaves the other names as they were', async t => {
  const names = ['usr/lib/libz.so', `${layer}/usr/lib/libz.so`]
  const tree = await createTree(t, Object.fromEntries(names.map(name => [name, { text: block }])))
  await shareFiles(tree)
  await writeFile(join(tree, 'usr/lib/libz.so.dpkg-new'), 'newer')
  await rename(join(tree, 'usr/lib/libz.so.dpkg-new'), join(tree, 'usr/lib/libz.so'))
  t.is(await readFile(join(tree, names[1] ?? ''), 'utf8'), block)
})
