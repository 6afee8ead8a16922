/** Docker gets what was looked at, and nothing else, however an archive is made. */
import { createHash, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import test from 'ava'
import { extract, type Header, pack } from 'tar-stream'
import { createArchives } from '../../../../server/images/archives.ts'
import { createMovingClock } from '../../../helpers/moving-clock.ts'

type Entry = [name: string, content: string, more?: Partial<Header> | undefined]

const key = { org: 'o', id: 'a' }
const config = '{"config":{"Labels":{}}}'
const evil = '{"config":{"Labels":{"evil":"yes"}}}'
const digestOf = (content: string) => createHash('sha256').update(content).digest('hex')
const manifest = (Config: string, RepoTags: string[], ...Layers: string[]) =>
  JSON.stringify([{ Config, RepoTags, Layers }])
const good: Entry[] = [
  ['c.json', config],
  ['l.tar', 'layer'],
  ['manifest.json', manifest('c.json', ['mine:1'], 'l.tar')],
]
const takeover = manifest('e.json', ['taken:1'])

async function tarOf(entries: Entry[]): Promise<Buffer> {
  const tar = pack()
  for (const [name, content, more] of entries) tar.entry({ name, ...more }, content)
  tar.finalize()
  return await buffer(tar)
}

async function entriesOf(archive: AsyncIterable<Buffer>): Promise<string[][]> {
  const reader = extract()
  const found: string[][] = []
  const take = async () => {
    for await (const entry of reader)
      found.push([entry.header.name, entry.header.type ?? '', String(await buffer(entry))])
  }
  await Promise.all([pipeline(archive, reader), take()])
  return found
}

/** `taken`: ids of images that are there. Resolves with what Docker was given. */
async function load(entries: Entry[], taken: Record<string, string> = {}): Promise<string[][]> {
  let given: string[][] = []
  const archives = createArchives({
    docker: {
      findImage: async reference => {
        const id = taken[reference]
        return id === undefined ? undefined : { id, tags: [], labels: {}, env: {}, bytes: 0, createdMs: 0 }
      },
      loadImages: async archive => {
        given = await entriesOf(archive)
        return []
      },
    },
    directory: join(tmpdir(), `dispatch-archives-${randomUUID()}`),
    maxBytes: 64 * 1024 * 1024,
    clock: createMovingClock(),
  })
  await archives.add(key, { offset: 0, bytes: await tarOf(entries) })
  await archives.load(key)
  return given
}

const packedGood = [
  ['config-0.json', 'file', config],
  ['manifest.json', 'file', manifest('config-0.json', ['mine:1'], 'layer-0.tar')],
  ['layer-0.tar', 'file', 'layer'],
]

for (const [what, hostile] of [
  ['a manifest with a leading blank', [[' manifest.json', takeover]]],
  ['a manifest outside', [['../manifest.json', takeover]]],
  ['an absolute manifest', [['/manifest.json', takeover]]],
  ['a manifest in other case', [['Manifest.json', takeover]]],
  ['names for older versions of Docker', [['repositories', '{"taken":{"1":"e"}}']]],
  [
    'an OCI layout beside',
    [
      ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
      ['index.json', '{"manifests":[]}'],
    ],
  ],
  [
    'folders and devices',
    [
      ['d/', '', { type: 'directory' }],
      ['dev', '', { type: 'character-device' }],
    ],
  ],
] as const) {
  test(`${what} does not reach Docker`, async t => {
    const more: Entry[] = [
      ['e.json', evil],
      ...hostile.map(([name, content, header]): Entry => [name, content, header]),
    ]
    t.deepEqual(await load([...more, ...good]), packedGood)
    t.deepEqual(await load([...good, ...more]), packedGood)
  })
}

for (const [what, entry] of [
  ['a second manifest', ['manifest.json', takeover]],
  ['a manifest with two slashes', ['.//manifest.json', takeover]],
  ['a manifest by way of a folder', ['x/../manifest.json', takeover]],
  ['a symbolic link as manifest', ['manifest.json', '', { type: 'symlink', linkname: 'e.json' }]],
  ['a hard link as manifest', ['./manifest.json', '', { type: 'link', linkname: 'e.json' }]],
  ['a large manifest', ['manifest.json', takeover + ' '.repeat(5 * 1024 * 1024)]],
  ['a second configuration', ['./c.json', evil]],
  ['a second layer', ['./l.tar', 'other']],
] as const) {
  test(`${what} is refused`, async t => {
    const [name, content, header] = entry
    const more: Entry = [name, content, header]
    for (const entries of [
      [...good, more],
      [more, ...good],
    ])
      await t.throwsAsync(load(entries), { message: /archive was refused: .* it holds \S+ twice/ })
  })
}

for (const [what, entries, message] of [
  [
    'keys in other case',
    [
      ['c', config],
      ['manifest.json', '[{"config":"c","repotags":["taken:1"]}]'],
    ],
    /was refused/,
  ],
  [
    'a linked manifest alone',
    [
      ['m', takeover],
      ['manifest.json', '', { type: 'symlink', linkname: 'm' }],
    ],
    /no manifest.json/,
  ],
  [
    'a linked configuration',
    [
      ['e', evil],
      ['c', '', { type: 'symlink', linkname: 'e' }],
      ['manifest.json', manifest('c', ['mine:1'])],
    ],
    /names c, which it does not hold/,
  ],
  [
    'a layer linked outside',
    [
      ['c', config],
      ['l', '', { type: 'symlink', linkname: '/etc/passwd' }],
      ['manifest.json', manifest('c', ['m:1'], 'l')],
    ],
    /names l, which it does not hold as a plain file/,
  ],
  [
    'a layer linked in a circle',
    [
      ['c', config],
      ['l', '', { type: 'symlink', linkname: 'l' }],
      ['manifest.json', manifest('c', ['m:1'], 'l')],
    ],
    /names l, which it does not hold as a plain file/,
  ],
] as const) {
  test(`an archive with ${what} is refused`, async t => {
    const all = entries.map(([name, content, header]): Entry => [name, content, header])
    await t.throwsAsync(load(all), { message })
  })
}

test('a description that would fill the memory is refused', async t => {
  const long: Entry = ['x', '', { pax: { comment: 'x'.repeat(4 * 1024 * 1024) } }]
  await t.throwsAsync(load([long, ...good]), { message: /Header exceeds max size/ })
})

test('a size that is none is refused', async t => {
  for (const size of ['none', '-5', '99999999999'])
    await t.throwsAsync(load([...good, ['x', '', { pax: { size } }], ['y', '{}']]), { message: /archive was refused/ })
})

test('a name that is taken is not given for a digest that the archive only claims', async t => {
  const id = `sha256:${'1'.repeat(64)}`
  const index: Entry = ['index.json', JSON.stringify({ manifests: [{ digest: id }] })]
  const stored: Entry = [
    `blobs/sha256/${'1'.repeat(64)}`,
    JSON.stringify({ config: { digest: `sha256:${digestOf(evil)}` } }),
  ]
  const archive: Entry[] = [index, stored, ['e.json', evil], ['manifest.json', takeover]]
  await t.throwsAsync(load(archive, { 'taken:1': id }), { message: /taken:1 is another image on this machine/ })
  t.is((await load(archive, { 'taken:1': `sha256:${digestOf(evil)}` })).length, 2)
})

test('what Docker 20.10 writes is loaded, with a layer that two images share by a link', async t => {
  const two = '{"config":{"Labels":{"two":"2"}}}'
  const images = [
    { Config: `${digestOf(config)}.json`, RepoTags: ['one:1'], Layers: ['aa/layer.tar'] },
    { Config: `${digestOf(two)}.json`, RepoTags: ['two:1'], Layers: ['bb/layer.tar', 'cc/layer.tar'] },
  ]
  const given = await load([
    [`${digestOf(config)}.json`, config],
    [`${digestOf(two)}.json`, two],
    ['aa/', '', { type: 'directory' }],
    ['aa/VERSION', '1.0'],
    ['aa/json', '{"id":"aa"}'],
    ['aa/layer.tar', 'first'],
    ['bb/layer.tar', '', { type: 'symlink', linkname: '../aa/layer.tar' }],
    ['cc/layer.tar', 'second'],
    ['manifest.json', JSON.stringify(images)],
    ['repositories', '{"one":{"1":"aa"},"two":{"1":"cc"}}'],
  ])
  const packed = [
    { Config: 'config-0.json', RepoTags: ['one:1'], Layers: ['layer-0.tar'] },
    { Config: 'config-1.json', RepoTags: ['two:1'], Layers: ['layer-0.tar', 'layer-1.tar'] },
  ]
  t.deepEqual(given, [
    ['config-0.json', 'file', config],
    ['config-1.json', 'file', two],
    ['manifest.json', 'file', JSON.stringify(packed)],
    ['layer-0.tar', 'file', 'first'],
    ['layer-1.tar', 'file', 'second'],
  ])
})

test('what Docker 26 writes is loaded', async t => {
  const blob = (content: string) => `blobs/sha256/${digestOf(content)}`
  const stored = JSON.stringify({ config: { digest: `sha256:${digestOf(config)}` } })
  const given = await load(
    [
      ['blobs/', '', { type: 'directory' }],
      ['blobs/sha256/', '', { type: 'directory' }],
      ...[config, 'layer', stored].map((content): Entry => [blob(content), content]),
      ['index.json', JSON.stringify({ manifests: [{ digest: `sha256:${digestOf(stored)}` }] })],
      ['manifest.json', manifest(blob(config), ['mine:1'], blob('layer'))],
      ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
      ['repositories', '{"mine":{"1":"x"}}'],
    ],
    { 'mine:1': `sha256:${digestOf(stored)}` },
  )
  t.deepEqual(given, packedGood)
})
