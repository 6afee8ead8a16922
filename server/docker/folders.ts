/** The files in images, by Docker's HTTP API: of containers that are never started. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { dockerLabel } from '../core/docker-labels.ts'
import { chunksOf, type DockerClient } from './client.ts'
import { dockerStatusOf, reasonOf } from './failure.ts'
import { BuildError, type DockerFolders } from './port.ts'
import { requireReference } from './reference.ts'

const maxFolderBytes = 64 * 1024 * 1024
const readerLabel = dockerLabel('reader')
const readerLastsSeconds = 600

export function createFolders({ api, demand, attempt }: DockerClient): DockerFolders {
  /** Those that a crash has left. */
  async function removeOldReaders(): Promise<void> {
    const readers = await api.listContainers({ all: true, filters: { label: [readerLabel] } })
    const oldest = Date.now() / 1000 - readerLastsSeconds
    for (const { Id, Created } of readers) if (Created < oldest) await removeReader(Id)
  }

  const removeReader = (id: string) =>
    attempt('remove a container that was read', () => api.getContainer(id).remove({ force: true, v: true }), [404, 409])

  async function readFrom(id: string, path: string): Promise<Buffer[]> {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of chunksOf(await api.getContainer(id).getArchive({ path }))) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes > maxFolderBytes)
        throw new BuildError(`the folder ${path} of its image has more than ${maxFolderBytes / 1024 / 1024} MiB`)
    }
    return chunks
  }

  return {
    readFolder: async (dockerImage, path) => {
      requireReference(dockerImage)
      await demand('list containers', removeOldReaders)
      const create = () => api.createContainer(planReader(dockerImage))
      const { id } = await demand(`look into the image ${dockerImage}`, create)
      try {
        const read = () => readFrom(id, path).catch(thrown => refuse(path, thrown))
        const chunks = await attempt(`read the folder ${path} of the image ${dockerImage}`, read, [404])
        return chunks && Readable.from(chunks)
      } finally {
        await removeReader(id)
      }
    },
  }
}

/** The path comes from a label of the image: what Docker says of it is the image's fault, unless it failed itself. */
function refuse(path: string, thrown: unknown): never {
  const status = dockerStatusOf(thrown) ?? 500
  if (status === 404 || status >= 500) throw thrown
  throw new BuildError(`the folder ${path} of its image cannot be read: ${reasonOf(thrown)}`, { cause: thrown })
}

/** The command is for images that have none. */
const planReader = (dockerImage: string) => ({
  name: `dispatch-reader-${randomUUID()}`,
  Image: dockerImage,
  Cmd: ['/nothing'],
  Labels: { [readerLabel]: '' },
  HostConfig: { NetworkMode: 'none' },
})
