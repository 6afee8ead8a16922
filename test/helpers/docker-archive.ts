/** Archives as `docker save` writes them, of images without files: enough to load, tag and look at. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'

export interface ArchivedImage {
  reference: string
  labels: Record<string, string>
}

export async function writeArchive(path: string, { reference, labels }: ArchivedImage): Promise<void> {
  // The end of an empty tar: two blocks of zeros.
  const layer = Buffer.alloc(1024)
  const diffId = `sha256:${createHash('sha256').update(layer).digest('hex')}`
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { Labels: labels, Cmd: ['/nothing'] },
    rootfs: { type: 'layers', diff_ids: [diffId] },
  })
  const tar = pack()
  tar.entry({ name: 'config.json' }, config)
  tar.entry({ name: 'layer.tar' }, layer)
  tar.entry(
    { name: 'manifest.json' },
    JSON.stringify([{ Config: 'config.json', RepoTags: [reference], Layers: ['layer.tar'] }]),
  )
  tar.finalize()
  await pipeline(tar, createWriteStream(path))
}
