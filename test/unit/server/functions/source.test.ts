/** Source archives come from outside: whatever is in them, only plain files below the directory may appear. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import { type Header, pack } from 'tar-stream'
import { FunctionLoadError } from '../../../../server/core/execution.ts'
import { unpackSource } from '../../../../server/functions/source.ts'
import { loadCapture } from '../../../helpers/captures.ts'

const directoryFor = async (t: ExecutionContext): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'dispatch-source-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  const directory = join(root, 'code')
  await mkdir(directory)
  return directory
}

type Entry = Partial<Header> & { name: string; content?: string }

async function archive(entries: Entry[]): Promise<Buffer> {
  const tar = pack()
  for (const { content, ...header } of entries) tar.entry(header, content ?? '')
  tar.finalize()
  return gzipSync(await buffer(tar))
}

test('unpacks files and folders that everybody can read, and keeps whether a file is executable', async t => {
  const directory = await directoryFor(t)
  const entries: Entry[] = [
    { name: './', type: 'directory', mode: 0o700 },
    { name: './lib/', type: 'directory', mode: 0o700 },
    { name: './lib/a.py', mode: 0o600, content: 'a = 1\n' },
    { name: './deep/below/run', mode: 0o700, content: '#' },
  ]
  const umask = process.umask(0o077)
  try {
    await unpackSource(await archive(entries), directory)
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

const hostile: [string, Entry[]][] = [
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
    await t.throwsAsync(unpackSource(await archive(entries), directory), { instanceOf: FunctionLoadError })
    t.deepEqual(await readdir(join(directory, '..')), ['code'])
    t.deepEqual(await readdir(directory), [])
  })
}

test('says that something else is not an archive', async t => {
  const directory = await directoryFor(t)
  await t.throwsAsync(unpackSource(Buffer.from('hello'), directory), {
    instanceOf: FunctionLoadError,
    message: /not a gzipped tar archive/,
  })
  await t.throwsAsync(unpackSource(gzipSync('hello, I am text'), directory), { instanceOf: FunctionLoadError })
})
