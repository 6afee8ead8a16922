/** Writes an image as `docker load` reads it: its configuration, a manifest, and the layers as they are. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'
import { layerEpoch } from './layer.ts'

export type Layer = {
  /** The sha256 of the uncompressed tar: Docker's diff id. Equal ids are stored once, whatever image they are in. */
  readonly diffId: string
  readonly file: string
  readonly createdBy: string
}

export type DockerImage = {
  readonly tag: string
  readonly command: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly layers: readonly Layer[]
}

export type DockerImagePlan = { readonly imageId: string; readonly config: string; readonly manifest: string }

/** Configuration as in the OCI image specification v1; the manifest as `docker save` v1.2 writes it. */
export function planDockerImage({ tag, command, labels, layers }: DockerImage): DockerImagePlan {
  const created = new Date(layerEpoch * 1000).toISOString()
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created,
    config: {
      User: '65534:65534',
      WorkingDir: '/',
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Cmd: command,
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  })
  const imageId = createHash('sha256').update(config).digest('hex')
  const manifest = [{ Config: `${imageId}.json`, RepoTags: [tag], Layers: layers.map(layerName) }]
  return { imageId, config, manifest: JSON.stringify(manifest) }
}

const layerName = ({ diffId }: Layer): string => `${diffId}/layer.tar`

export async function writeDockerArchive(image: DockerImage, file: string): Promise<void> {
  const { imageId, config, manifest } = planDockerImage(image)
  const tar = pack()
  const written = pipeline(tar, createWriteStream(file))
  const common = { mode: 0o644, uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(layerEpoch * 1000) }
  for (const layer of image.layers) {
    tar.entry({ ...common, name: `${layer.diffId}/`, type: 'directory', mode: 0o755 })
    tar.entry({ ...common, name: layerName(layer) }, await readFile(layer.file))
  }
  tar.entry({ ...common, name: `${imageId}.json` }, config)
  tar.entry({ ...common, name: 'manifest.json' }, manifest)
  tar.finalize()
  await written
}
