/** Code is copied so that the user inside the container can read it, and nothing but plain files and directories is. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { copyCode } from '../../../../server/engine/code.ts'

test('modes are opened for reading, links are left out', async t => {
  const root = await mkdtemp(join(tmpdir(), 'dispatch-code-'))
  t.teardown(() => rm(root, { recursive: true }))
  const [source, target] = [join(root, 'source'), join(root, 'target')]
  await mkdir(join(source, 'lib'), { recursive: true })
  await mkdir(target)
  await writeFile(join(source, 'a.py'), 'a', { mode: 0o600 })
  await writeFile(join(source, 'lib', 'tool'), 'b', { mode: 0o700 })
  await symlink('/etc/passwd', join(source, 'link'))
  await chmod(join(source, 'lib'), 0o700)
  await copyCode(source, target)
  t.deepEqual((await readdir(target)).sort(), ['a.py', 'lib'])
  t.is(await readFile(join(target, 'lib', 'tool'), 'utf8'), 'b')
  const modeOf = async (name: string) => ((await stat(join(target, name))).mode & 0o777).toString(8)
  t.deepEqual(await Promise.all(['a.py', 'lib', 'lib/tool'].map(modeOf)), ['644', '755', '755'])
})
