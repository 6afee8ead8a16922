/** Source archives come from outside: whatever is in them, only plain files below the directory may appear. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import { FunctionLoadError } from '../../../../server/core/execution.ts'
import { unpackSource } from '../../../../server/functions/source.ts'
import { type ArchiveEntry, archiveOf, packedHeader, repeat } from '../../../helpers/archive.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

const directoryFor = async (t: ExecutionContext): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'dispatch-source-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  const directory = join(root, 'code')
  await mkdir(directory)
  return directory
}

test('unpacks files and folders that everybody can read, and keeps whether a file is executable', async t => {
  const directory = await directoryFor(t)
  const entries: ArchiveEntry[] = [
    { name: './', type: 'directory', mode: 0o700 },
    { name: './lib/', type: 'directory', mode: 0o700 },
    { name: './lib/a.py', mode: 0o600, content: 'a = 1\n' },
    { name: './deep/below/run', mode: 0o700, content: '#' },
  ]
  const umask = process.umask(0o077)
  try {
    await unpackSource(await archiveOf(entries), directory)
  } finally {
    process.umask(umask)
  }
  t.is(await readFile(join(directory, 'lib/a.py'), 'utf8'), 'a = 1\n')
  const modeOf = async (name: string) => ((await stat(join(directory, name))).mode & 0o777).toString(8)
  const modes = await Promise.all(['lib', 'lib/a.py', 'deep', 'deep/below', 'deep/below/run'].map(modeOf))
  t.deepEqual(modes, ['755', '644', '755', '755', '755'])
})

test('accepts the truncated archives of the original client', async t => {
  const directory = await directoryFor(t)
  const body = JSON.parse(loadCapture('027')[0]?.request.body ?? '')
  await unpackSource(Buffer.from(body.source, 'base64'), directory)
  t.deepEqual(await readdir(directory), ['hello.py'])
  t.regex(await readFile(join(directory, 'hello.py'), 'utf8'), /def handle\(ctx, payload\)/)
})

const hostile: [string, ArchiveEntry[]][] = [
  ['a path above the root', [{ name: '../evil.py', content: 'x' }]],
  ['a hidden path above the root', [{ name: './a/../../evil.py', content: 'x' }]],
  ['an absolute path', [{ name: '/evil.py', content: 'x' }]],
  ['a symbolic link', [{ name: './link', type: 'symlink', linkname: '/etc/passwd' }]],
  ['a hard link', [{ name: './link', type: 'link', linkname: './a' }]],
  ['a device', [{ name: './null', type: 'character-device', devmajor: 1, devminor: 3 }]],
]
for (const [title, entries] of hostile) {
  test(`refuses ${title} and writes nothing outside`, async t => {
    const directory = await directoryFor(t)
    await t.throwsAsync(unpackSource(await archiveOf(entries), directory), { instanceOf: FunctionLoadError })
    t.deepEqual(await readdir(join(directory, '..')), ['code'])
    t.deepEqual(await readdir(directory), [])
  })
}

const mebibyte = 1024 * 1024
const data = gzipSync(Buffer.concat([randomBytes(mebibyte / 32)], mebibyte))
const many = Array.from({ length: 20_001 }, (_, number) => ({ name: `./${number}` }))
const refused: [string, () => Promise<Buffer>, RegExp][] = [
  ...hostile.map(([title, entries]): [string, () => Promise<Buffer>, RegExp] => [
    title,
    () => archiveOf(entries),
    /outside of its root: '|which is neither a file nor a folder but a /,
  ]),
  [
    'too much',
    async () => Buffer.concat([await packedHeader(1024 * mebibyte), repeat(data, 257)]),
    /holds more than 256 MiB/,
  ],
  ['much in little', async () => repeat(gzipSync(Buffer.alloc(mebibyte)), 20), /more than 100 times its size/],
  ['too many files', () => archiveOf(many), /holds more than 20000 entries/],
]
for (const [title, make, reason] of refused) {
  test(`an archive with ${title} is refused with the reason, and is not stored`, async t => {
    const source = (await make()).toString('base64')
    const { call, store } = await createTestApp(t, {}, { maxBodyBytes: 1024 * mebibyte })
    const body = { name: 'fn', image: 'i', source }
    const { status, body: answer } = await call('POST', '/v1/function', body)
    t.is(status, 400)
    t.regex(answer.message, /^source was refused: the source archive /)
    t.regex(answer.message, reason)
    await call('POST', '/v1/function', { ...body, source: 'AAAA' })
    t.is((await call('PUT', '/v1/function/fn', body)).status, 400)
    t.is((await store.collection('Source').keys()).length, 1)
  })
}

test('what is small may be as empty as it likes', async t => {
  const directory = await directoryFor(t)
  await unpackSource(await archiveOf([{ name: 'zeros', content: '\0'.repeat(10 * mebibyte) }]), directory)
  t.is((await stat(join(directory, 'zeros'))).size, 10 * mebibyte)
})

test('says that something else is not an archive', async t => {
  const directory = await directoryFor(t)
  await t.throwsAsync(unpackSource(Buffer.from('hello'), directory), {
    instanceOf: FunctionLoadError,
    message: /not a gzipped tar archive/,
  })
  await t.throwsAsync(unpackSource(gzipSync('hello, I am text'), directory), { instanceOf: FunctionLoadError })
})
