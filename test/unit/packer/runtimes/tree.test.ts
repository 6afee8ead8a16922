import { mkdir, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { addProgram } from '../../../../packer/runtimes/tree.ts'

test('a link in a copied folder stays as it is written, and names no folder of the machine that builds', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'program-'))
  t.teardown(() => rm(dir, { recursive: true }))
  await mkdir(join(dir, 'source/bin'), { recursive: true })
  await writeFile(join(dir, 'source/index.js'), '')
  await symlink('../index.js', join(dir, 'source/bin/tool'))
  const tree = join(dir, 'tree')
  await addProgram(tree, { program: { source: 'usr/lib/tool' }, nodeMounted: false, locate: name => join(dir, name) })
  t.is(await readlink(join(tree, 'usr/lib/tool/bin/tool')), '../index.js')
})
