/** Archives as `docker save` writes them, of images without files: enough to load, tag and look at. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'

export interface ImageToArchive {
  reference: string
  labels: Record<string, string>
}

export async function packArchive({ reference, labels }: ImageToArchive): Promise<Buffer> {
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
  return await buffer(tar)
}

export const writeArchive = async (path: string, image: ImageToArchive): Promise<void> =>
  writeFile(path, await packArchive(image))
