/** The check of the length of files fails when one is too long, and when it sees none. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const script = fileURLToPath(new URL('../../../helpers/file-lengths.ts', import.meta.url))

test('a file that git tracks has 250 lines at most, and a check that sees no file fails', async t => {
  const cwd = await mkdtemp(join(tmpdir(), 'dispatch-lengths-'))
  t.teardown(() => rm(cwd, { recursive: true, force: true }))
  const check = async (files: Record<string, number>) => {
    for (const [name, lines] of Object.entries(files)) await writeFile(join(cwd, name), 'a\n'.repeat(lines))
    execFileSync('git', ['add', '--all'], { cwd })
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd, encoding: 'utf8' })
    return [status, stdout + stderr]
  }
  execFileSync('git', ['init', '--quiet'], { cwd })
  t.deepEqual(await check({ 'README.md': 900 }), [1, ''])
  t.deepEqual(await check({ 'a.ts': 250, 'b.mjs': 1 }), [0, 'file lengths: 2 files, none over 250 lines\n'])
  const told = (name: string) => `${name} has 251 lines, more than 250: split it by what its parts are about\n`
  t.deepEqual(await check({ 'b.mjs': 251, 'c d.ts': 251 }), [1, told('b.mjs') + told('c d.ts')])
  await rm(join(cwd, 'c d.ts'))
  t.deepEqual(await check({ 'b.mjs': 250 }), [0, 'file lengths: 2 files, none over 250 lines\n'])
})
