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

const manifestOf = (...entries: object[]) => JSON.stringify(entries)

test('ids are the digests of the configuration, and of a manifest that names it', async t => {
  const config = '{"config":{}}'
  const stored = JSON.stringify({ config: { digest: idOf(config) } })
  const other = JSON.stringify({ config: { digest: idOf('{}') } })
  const blob = (content: string) => `blobs/sha256/${idOf(content).slice(7)}`
  const named = [idOf(stored), idOf(other), `sha256:${'a'.repeat(64)}`]
  const [image] = await readBytes(
    await tarOf({
      [`./${blob(config)}`]: config,
      [blob(stored)]: stored,
      [blob(other)]: other,
      [`blobs/sha256/${'a'.repeat(64)}`]: stored,
      'index.json': JSON.stringify({ manifests: named.map(digest => ({ digest })) }),
      'manifest.json': manifestOf({ Config: blob(config), RepoTags: null }),
    }),
  )
  t.like(image, { references: [], ids: [idOf(config), idOf(stored)], layers: [] })
})

test('a configuration that several images share is read once', async t => {
  const manifest = manifestOf({ Config: 'c' }, { Config: './c' }, { Config: 'x/../c' })
  const images = await readBytes(await tarOf({ c: '{}', 'manifest.json': manifest }))
  t.deepEqual([images.length, new Set(images.map(({ labels }) => labels)).size], [3, 1])
})

const deep = `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`

for (const [what, files, message] of [
  ['without a manifest', { 'x.json': '{}' }, /no archive of Docker images/],
  ['with a manifest that is none', { 'manifest.json': '{"a":' }, /no archive of Docker images/],
  ['with a manifest of nothing', { 'manifest.json': '[]' }, /no archive of Docker images/],
  [
    'whose manifest names what is not there',
    { 'manifest.json': '[{"Config":"c"}]' },
    /names c, which it does not hold/,
  ],
  ['of an OCI layout alone', { 'oci-layout': '{}', 'index.json': '{}' }, /an OCI layout: it has no manifest.json/],
  ['of 65 images', { c: '{}', 'manifest.json': manifestOf(...Array(65).fill({ Config: 'c' })) }, /more than 64 images/],
  [
    'with 257 names',
    { c: '{}', 'manifest.json': manifestOf({ Config: 'c', RepoTags: Array(257).fill('a:1') }) },
    /more than 256 names/,
  ],
  [
    'with a large configuration',
    { c: `{"a":"${'x'.repeat(1024 * 1024)}"}`, 'manifest.json': manifestOf({ Config: 'c' }) },
    /names c, which it does not hold as JSON of at most 1 MiB/,
  ],
  [
    'with a deep configuration',
    { c: deep, 'manifest.json': manifestOf({ Config: 'c' }) },
    /c has more than 1000 levels/,
  ],
  ['with a deep manifest', { 'manifest.json': deep }, /manifest.json has more than 1000 levels/],
  [
    'without a layer of its manifest',
    { c: '{}', 'manifest.json': manifestOf({ Config: 'c', Layers: ['l'] }) },
    /names l, which it does not hold as a plain file/,
  ],
  [
    'with a name of a digest',
    { c: '{}', 'manifest.json': manifestOf({ Config: 'c', RepoTags: [`a:1@sha256:${'0'.repeat(64)}`] }) },
    /is not NAME:TAG/,
  ],
] as const) {
  test(`an archive ${what} is none`, async t => {
    await t.throwsAsync(async () => readBytes(await tarOf(files)), { message })
  })
}

test('what is no tar is told from one', async t => {
  await t.throwsAsync(readBytes(Buffer.alloc(2048, 'x')), { message: /^it is no/ })
})
