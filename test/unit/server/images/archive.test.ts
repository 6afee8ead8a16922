/** What an archive of images says that it holds is known before Docker sees it. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import test from 'ava'
import { pack } from 'tar-stream'
import { readArchive } from '../../../../server/images/archive.ts'
import { packArchive } from '../../../helpers/docker-archive.ts'

const readBytes = (bytes: Buffer) => readArchive(Readable.from([bytes]))

async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content)
  tar.finalize()
  return await buffer(tar)
}

const idOf = (config: string) => `sha256:${createHash('sha256').update(config).digest('hex')}`

test('names, content and labels are told', async t => {
  const [image] = await readBytes(await packArchive({ reference: 'a/b:1', labels: { language: 'x' } }))
  t.deepEqual(image?.references, ['a/b:1'])
  t.deepEqual(image?.labels, { language: 'x' })
  t.regex(image?.ids[0] ?? '', /^sha256:[0-9a-f]{64}$/)
})

test('the id is the digest of the configuration, or that of the manifest in newer archives', async t => {
  const config = '{"config":{}}'
  const manifest = JSON.stringify([{ Config: 'blobs/sha256/c', RepoTags: null }])
  const index = '{"manifests":[{"digest":"sha256:m"}]}'
  const files = { './blobs/sha256/c': config, 'index.json': index, 'manifest.json': manifest }
  t.deepEqual(await readBytes(await tarOf(files)), [{ references: [], ids: [idOf(config), 'sha256:m'], labels: {} }])
})

for (const [what, files, message] of [
  ['without a manifest', { 'x.json': '{}' }, /no archive of Docker images/],
  ['with a manifest that is none', { 'manifest.json': '{"a":' }, /no archive of Docker images/],
  ['with a manifest of nothing', { 'manifest.json': '[]' }, /no archive of Docker images/],
  [
    'whose manifest names what is not there',
    { 'manifest.json': '[{"Config":"c"}]' },
    /names c, which it does not hold/,
  ],
] as const) {
  test(`an archive ${what} is none`, async t => {
    await t.throwsAsync(async () => readBytes(await tarOf(files)), { message })
  })
}

test('what is no tar is told from one', async t => {
  await t.throwsAsync(readBytes(Buffer.alloc(2048, 'x')), { message: /^it is no/ })
})
