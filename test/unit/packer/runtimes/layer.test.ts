import { createReadStream } from 'node:fs'
import { chmod, link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import test from 'ava'
import fc from 'fast-check'
import { extract } from 'tar-stream'
import { type LayerEntry, layerEpoch, planLayer, writeLayer } from '../../../../packer/runtimes/layer.ts'

const all = { isShipped: () => true, directoryModes: {} }
const file = (path: string, mode = 0o644): LayerEntry => ({ path, type: 'file', mode })

test('directories follow from the files in them and come before them', t => {
  const name = fc.stringMatching(/^[a-z]{5,6}$/)
  const paths = fc.uniqueArray(fc.array(name, { minLength: 2, maxLength: 4 }).map(parts => `${parts.join('/')}.file`))
  fc.assert(
    fc.property(paths, found => {
      const order = planLayer(
        found.map(path => file(path)),
        all,
      ).map(({ path }) => path)
      t.deepEqual(order, [...order].sort())
      for (const path of order) if (dirname(path) !== '.') t.true(order.indexOf(dirname(path)) < order.indexOf(path))
      t.is(new Set(order).size, order.length)
      t.deepEqual(
        order.filter(path => path.endsWith('.file')),
        [...found].sort(),
      )
    }),
  )
})

test('what is not shipped leaves no directory; empty ones stay, and named ones have their modes', t => {
  const selection = { isShipped: (path: string) => !path.startsWith('doc/'), directoryModes: { tmp: 0o1777 } }
  const empty: LayerEntry = { path: 'c', type: 'directory', mode: 0o700 }
  t.deepEqual(planLayer([file('doc/a'), file('b', 0o4755), empty], selection), [
    { path: 'b', type: 'file', mode: 0o755 },
    { path: 'c', type: 'directory', mode: 0o755 },
    { path: 'tmp', type: 'directory', mode: 0o1777 },
  ])
})

test('files below a link of the merged /usr are refused', t => {
  t.throws(() => planLayer([file('lib/x.so')], all), { message: /\/lib, which is a link to \/usr\/lib/ })
})

async function makeTree(paths: readonly string[]): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'layer-'))
  for (const path of paths) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), `content of ${path}`)
  }
  await chmod(join(tree, 'usr/bin/tool'), 0o4751)
  await symlink('tool', join(tree, 'usr/bin/alias'))
  await link(join(tree, 'usr/bin/tool'), join(tree, 'usr/bin/tool-1.0'))
  return tree
}

test('the bytes do not depend on the order of making, times or owners', async t => {
  const paths = ['usr/bin/tool', 'etc/passwd', `usr/share/${'long-name/'.repeat(15)}file`]
  const [one, two] = [await makeTree(paths), await makeTree([...paths].reverse())]
  t.teardown(() => Promise.all([one, two].map(tree => rm(tree, { recursive: true }))))
  const [first, second] = [`${one}.tar`, `${two}.tar`]
  await writeLayer(one, first, all)
  await writeLayer(two, second, all)
  t.teardown(() => Promise.all([first, second].map(tar => rm(tar))))
  t.deepEqual(await readFile(first), await readFile(second))

  const seen: Record<string, string> = {}
  const reader = createReadStream(first).pipe(extract())
  for await (const entry of reader) {
    const { name, type, mode = 0, uid, gid, mtime, linkname } = entry.header
    const content = await text(entry)
    t.deepEqual([uid, gid, mtime?.getTime()], [0, 0, layerEpoch * 1000])
    seen[name] = `${type} ${mode.toString(8)} ${linkname ?? content}`
  }
  t.is(seen['usr/bin/tool'], 'file 755 content of usr/bin/tool')
  t.is(seen['usr/bin/alias'], 'symlink 777 tool')
  t.is(seen['usr/bin/tool-1.0'], 'link 755 usr/bin/tool')
  t.is(seen[paths[2] ?? ''], `file 644 content of ${paths[2]}`)
})
