/** Docker's images, by its HTTP API. */
import { Readable } from 'node:stream'
import { chunksOf, type DockerApi, type DockerClient, labelFilters } from './client.ts'
import { dockerStatusOf } from './failure.ts'
import type { DockerImages } from './port.ts'
import { readLoad, readPull } from './progress.ts'
import { parseReference, requireName, requireReference, requireTag } from './reference.ts'
import { imageOf, layerBytesOf, listedImageOf } from './translate.ts'

/** HTTP statuses of Docker's answers. */
const absent = 404
const inUse = 409

export function createImages({ api, demand, attempt }: DockerClient): DockerImages {
  /** False when it is in use. */
  async function remove(reference: string, force: boolean): Promise<boolean> {
    const outcomeOf = (thrown: unknown): boolean => {
      const status = dockerStatusOf(thrown)
      if (status !== absent && status !== inUse) throw thrown
      return status === absent
    }
    return await demand(`remove the image ${reference}`, () =>
      api
        .getImage(reference)
        .remove({ force })
        .then(() => true, outcomeOf),
    )
  }

  const isUsed = (id: string): Promise<boolean> =>
    demand(`find the containers of the image ${id}`, async () => {
      const containers = await api.listContainers({ all: true, filters: { ancestor: [id] } })
      return containers.some(({ ImageID }) => ImageID === id)
    })

  return {
    findImage: async reference => {
      if (!parseReference(reference)) return undefined
      const inspect = async () => imageOf(await api.getImage(reference).inspect())
      return await attempt(`look up the image ${reference}`, inspect, [absent])
    },

    listImages: labels =>
      demand('list images', async () =>
        (await api.listImages({ filters: { label: labelFilters(labels) } })).map(listedImageOf),
      ),

    pullImage: async (reference, { timeoutMs, credentials, maxBytes }) => {
      requireName(reference)
      await demand(`pull the image ${reference}`, async () => {
        const abortSignal = AbortSignal.timeout(timeoutMs)
        const options = { abortSignal, ...(credentials && { authconfig: credentials }) }
        try {
          await readPull(chunksOf(await api.pull(reference, options)), maxBytes)
        } catch (thrown) {
          throw abortSignal.aborted ? new Error(`it took longer than ${timeoutMs / 1000} s`, { cause: thrown }) : thrown
        }
      })
    },

    loadImages: archive =>
      demand('load images', async () =>
        readLoad(chunksOf(await api.loadImage(Readable.from(archive), { quiet: true }))),
      ),

    imageDisk: () => demand('measure its images', () => readLayerBytes(api)),

    tagImage: async (reference, target) => {
      requireReference(reference)
      const { name, tag = 'latest' } = requireTag(target)
      await demand(`tag the image ${reference} as ${target}`, () => api.getImage(reference).tag({ repo: name, tag }))
    },

    removeImage: async reference => {
      const parsed = parseReference(reference)
      if (!parsed) return true
      if (parsed.kind === 'name') return await remove(reference, false)
      // An image of several names goes by force only, which does not stop at containers that do not run.
      return !(await isUsed(reference)) && (await remove(reference, true))
    },
  }
}

/** Only of images, where Docker can tell that apart: containers that go meanwhile are an error to one of its stores. */
const readLayerBytes = (api: DockerApi): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = { path: '/system/df?', method: 'GET', options: { type: 'image' }, statusCodes: { 200: true } }
    api.modem.dial(request, (thrown, found) => (thrown ? reject(thrown) : resolve(layerBytesOf(found))))
  })
