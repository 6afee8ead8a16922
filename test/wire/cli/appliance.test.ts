/** `appliance verify`: whether a file holds what it claims, without a server. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { alter, packSample, repack, unpack } from '../../unit/ova/support/spoil.ts'
import { createStage } from './stage.ts'

async function stageWithFile(t: ExecutionContext) {
  const stage = await createStage(t)
  const { ovaPath } = await packSample(name => join(stage.cwd, name))
  return { stage, ova: await readFile(ovaPath) }
}

const withWrongHash = (ova: Buffer) =>
  repack(alter(unpack(ova), '.mf', data => data.toString().replace(/= [0-9a-f]{4}/, '= 0000')))

test('a good file: a table of claims, and exit code 0', async t => {
  const { stage } = await stageWithFile(t)
  const { code, stdout, stderr } = await stage.dispatch(['appliance', 'verify', 'sample.ova'])
  t.deepEqual([code, stderr], [0, ''])
  const rows = stdout.trimEnd().split('\n')
  t.regex(rows[0] ?? '', /RESULT \| +CLAIM/)
  t.is(rows.filter(row => /^ {2}ok +\| /.test(row)).length, rows.length - 2)
  t.deepEqual(stage.asked, [])
})

test('a broken file: claim, member, byte, what is wrong and what was expected, and exit code 1', async t => {
  const { stage, ova } = await stageWithFile(t)
  stage.write('broken.ova', withWrongHash(ova))
  const { code, stdout, stderr } = await stage.dispatch(['appliance', 'verify', 'broken.ova'])
  t.is(code, 1)
  t.regex(stdout, /^ {2}broken \| every digest of the manifest is that of its member/m)
  t.regex(stdout, /^ {2}sample\.mf \| +0 \| SHA256\(sample\.ovf\)= 0000.* is not its digest +\| [0-9a-f]{64} /m)
  t.is(stderr, 'broken.ova breaks 1 of 16 claims: build or download it again\n')
})

test('the same as JSON and YAML', async t => {
  const { stage, ova } = await stageWithFile(t)
  stage.write('broken.ova', withWrongHash(ova))
  const { code, stdout } = await stage.dispatch(['appliance', 'verify', 'broken.ova', '-o', 'json'])
  t.is(code, 1)
  const checks: { ok: boolean; findings: { member: string; offset: number }[] }[] = JSON.parse(stdout)
  const broken = checks.filter(({ ok }) => !ok)
  t.deepEqual(
    broken.flatMap(({ findings }) => findings.map(({ member, offset }) => [member, offset])),
    [['sample.mf', 0]],
  )
  const yaml = await stage.dispatch(['appliance', 'verify', 'broken.ova', '-o', 'yaml'])
  t.regex(yaml.stdout, /member: sample\.mf/)
})

test('what cannot be read is an error, and so is no file at all', async t => {
  const stage = await createStage(t)
  const missing = await stage.dispatch(['appliance', 'verify', 'none.ova'])
  const text = 'error when reading the appliance: open none.ova: no such file or directory\n'
  t.deepEqual([missing.code, missing.stderr], [1, text])
  t.is((await stage.dispatch(['appliance', 'verify'])).code, 1)
})

test('Ctrl-C ends it', async t => {
  const { stage } = await stageWithFile(t)
  const { code, stderr } = await stage.dispatch(['appliance', 'verify', 'sample.ova'], {
    interrupted: AbortSignal.abort(),
  })
  t.deepEqual([code, stderr], [1, 'interrupted\n'])
})
