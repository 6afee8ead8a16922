/** The tar of a function's image: its code, with the template over it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import test, { type ExecutionContext } from 'ava'
import { extract, pack } from 'tar-stream'
import { packFunction } from '../../../../../server/engine/http/context.ts'

function codeOf(t: ExecutionContext, files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'dispatch-code-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true })
    writeFileSync(join(directory, name), content, { mode: name.endsWith('.sh') ? 0o755 : 0o644 })
  }
  return directory
}

/** As Docker gives a folder of an image: below its own name. */
function templateOf(files: Record<string, string>): Readable {
  const tar = pack()
  tar.entry({ name: 'function-template/', type: 'directory' })
  for (const [name, content] of Object.entries(files)) tar.entry({ name: `function-template/${name}` }, content)
  tar.entry({ name: 'function-template/link', type: 'symlink', linkname: '/etc/shadow' })
  tar.finalize()
  return Readable.from(tar)
}

/** Names in order, with the mode and the content of files. */
async function read(context: AsyncIterable<Buffer>): Promise<[string, string][]> {
  const found: [string, string][] = []
  const entries = extract()
  const list = async () => {
    for await (const entry of entries)
      found.push([entry.header.name, `${entry.header.mode?.toString(8)} ${await buffer(entry)}`])
  }
  await Promise.all([list(), pipeline(Readable.from(context), entries)])
  return found
}

test('code comes first, the template after it, so that the template wins', async t => {
  const code = codeOf(t, { 'b.sh': 'B', 'a/c.py': 'C', Dockerfile: 'FROM theirs' })
  t.deepEqual(await read(packFunction(code, templateOf({ Dockerfile: 'FROM ours', 'x/y': 'Y' }))), [
    ['Dockerfile', '644 FROM theirs'],
    ['a', '755 '],
    ['a/c.py', '644 C'],
    ['b.sh', '755 B'],
    ['Dockerfile', '644 FROM ours'],
    ['x/y', '644 Y'],
  ])
})

test('the same code makes the same tar, so that Docker knows it again', async t => {
  const [one, other] = [codeOf(t, { 'a.py': '1' }), codeOf(t, { 'a.py': '1' })]
  const tarOf = (code: string) => buffer(packFunction(code, templateOf({ Dockerfile: 'FROM x' })))
  t.deepEqual(await tarOf(one), await tarOf(other))
})

test('a template that cannot be read fails, and does not end early', async t => {
  const broken = Readable.from([Buffer.alloc(512, 1)])
  await t.throwsAsync(read(packFunction(codeOf(t, { 'a.py': '' }), broken)))
})
