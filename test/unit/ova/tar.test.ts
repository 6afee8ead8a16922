import { readFile, writeFile } from 'node:fs/promises'
import test from 'ava'
import { writeTar } from '../../../ova/tar.ts'
import { createScratch } from './support/scratch.ts'
import { unpack } from './support/spoil.ts'

test('members are plain USTAR, byte for byte', async t => {
  const scratch = await createScratch(t)
  await writeFile(scratch('disk'), Buffer.alloc(600, 7))
  const sources = [
    { name: 'a.ovf', text: 'ü' },
    { name: 'a.vmdk', path: scratch('disk'), bytes: 600 },
  ]
  await writeTar(scratch('tar'), sources, { mtimeSeconds: 1e9 })
  const tar = await readFile(scratch('tar'))
  t.is(tar.length, 512 + 512 + 512 + 1024 + 1024)
  t.is(tar.toString('latin1', 100, 148), '000644 \u0000000000 \u0000000000 \u000000000000002 07346545000 ')
  t.is(tar.toString('latin1', 156, 157), '0')
  t.is(tar.toString('latin1', 257, 265), 'ustar\u000000')
  t.deepEqual(
    unpack(tar).map(({ name, data }) => [name, data.length]),
    [
      ['a.ovf', 2],
      ['a.vmdk', 600],
    ],
  )
  t.true(tar.subarray(-1024).every(byte => byte === 0))
})

test('what USTAR cannot hold is refused before anything is written', async t => {
  const scratch = await createScratch(t)
  const refuse = async (source: { name: string; path: string; bytes: number }, message: RegExp) => {
    await t.throwsAsync(writeTar(scratch('tar'), [source], { mtimeSeconds: 0 }), { message })
    await t.throwsAsync(readFile(scratch('tar')), { code: 'ENOENT' })
  }
  await refuse(
    { name: 'a.vmdk', path: '/dev/null', bytes: 8 ** 11 },
    /a\.vmdk has 8589934592 bytes, but USTAR holds 8 GiB/,
  )
  await refuse({ name: 'a/b', path: '/dev/null', bytes: 0 }, /cannot be a member/)
  await refuse({ name: 'ä', path: '/dev/null', bytes: 0 }, /cannot be a member/)
  await refuse({ name: 'a'.repeat(101), path: '/dev/null', bytes: 0 }, /cannot be a member/)
})

test('a source of another size, or none, is an error', async t => {
  const scratch = await createScratch(t)
  await writeFile(scratch('disk'), 'abc')
  const write = (name: string, bytes: number) =>
    writeTar(scratch('tar'), [{ name: 'a.vmdk', path: scratch(name), bytes }], { mtimeSeconds: 0 })
  await t.throwsAsync(write('disk', 4))
  await t.throwsAsync(write('disk', 2))
  await t.throwsAsync(write('none', 2), { code: 'ENOENT' })
})
