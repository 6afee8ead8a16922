import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import test from 'ava'
import { createScratch } from './support/scratch.ts'
import { packSample } from './support/spoil.ts'

function verifyFile(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['ova/verify-file.ts', ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('a good file: each check in a line, exit status 0', async t => {
  const { ovaPath } = await packSample(await createScratch(t))
  const { status, stdout } = verifyFile(ovaPath)
  t.is(status, 0)
  t.is(stdout.match(/^ok {4}/gm)?.length, 16)
  t.regex(stdout, /16 checks hold\n$/)
})

test('a broken file: what, where and what should be, exit status 1', async t => {
  const { ovaPath } = await packSample(await createScratch(t))
  await writeFile(ovaPath, (await readFile(ovaPath)).subarray(0, -2048))
  const { status, stdout } = verifyFile(ovaPath)
  t.is(status, 1)
  t.regex(stdout, /^FAIL {2}the archive is plain USTAR/m)
  t.regex(
    stdout,
    /sample\.ova at byte \d+: the archive ends within "sample-disk1\.vmdk": cut short; expected \d+ more bytes/,
  )
})

test('wrong use: exit status 2', t => {
  for (const args of [[], ['a.ova', 'b.ova'], ['--no-such-option']]) {
    const { status, stderr } = verifyFile(...args)
    t.is(status, 2)
    t.is(stderr, 'Usage: npm run verify -- FILE.ova\n')
  }
  const { status, stderr } = verifyFile('/does/not/exist.ova')
  t.is(status, 2)
  t.regex(stderr, /\/does\/not\/exist\.ova cannot be read: ENOENT/)
})
