/** Packs an archive of Docker images anew: Docker sees what was looked at, under names of ours, and nothing else. */
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import type { ArchivedImage } from './archive.ts'
import { forEachEntry, plainNameOf } from './archive-entries.ts'

/** `archive`: what the images were read from. It is begun, and let go of, together with the result. */
export async function* repack(
  archive: AsyncIterable<Buffer>,
  images: readonly ArchivedImage[],
): AsyncGenerator<Buffer, void> {
  const tar = pack()
  writeAll(tar, archive, images).then(
    () => tar.finalize(),
    thrown => tar.destroy(thrown),
  )
  for await (const chunk of tar) if (Buffer.isBuffer(chunk)) yield chunk
}

async function writeAll(tar: Pack, archive: AsyncIterable<Buffer>, images: readonly ArchivedImage[]): Promise<void> {
  const configs = namesFor(
    images.map(({ config }) => config),
    'config',
    '.json',
  )
  const layers = namesFor(
    images.flatMap(image => image.layers),
    'layer',
    '.tar',
  )
  for (const [config, name] of configs) tar.entry({ name }, config)
  const manifest = images.map(image => ({
    Config: configs.get(image.config),
    RepoTags: image.references,
    Layers: image.layers.map(layer => layers.get(layer)),
  }))
  tar.entry({ name: 'manifest.json' }, JSON.stringify(manifest))
  await forEachEntry(archive, async entry => {
    const name = layers.get(plainNameOf(entry.header.name))
    if (name === undefined || entry.header.type !== 'file') entry.resume()
    else await pipeline(entry, tar.entry({ name, size: entry.header.size ?? 0 }))
  })
}

/** What several images share has one name. */
const namesFor = <T>(things: T[], start: string, end: string): Map<T, string> =>
  new Map([...new Set(things)].map((thing, index) => [thing, `${start}-${index}${end}`]))
