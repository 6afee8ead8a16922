/** Docker's images in memory: entries by name, and those that have lost their name. */
import { randomBytes } from 'node:crypto'
import type { Credentials, DockerImage, DockerImages, Pull } from '../../server/docker/port.ts'
import { parseReference, requireName, requireReference, requireTag } from '../../server/docker/reference.ts'
import { readArchive } from '../../server/images/archive.ts'

export interface FakeImages
  extends Pick<DockerImages, 'findImage' | 'listImages' | 'imageDisk' | 'tagImage' | 'removeImage'> {
  /** Returns the id of its content. `parentId`: of the image that it is built on. */
  addImage(reference: string, labels?: Record<string, string>, parentId?: string): string
  /** Throws Docker's words when it is not there. */
  demandImage(action: string, reference: string): DockerImage
  pull(reference: string, pull: Pull): void
  load(archive: AsyncIterable<Buffer>): Promise<string[]>
  /** What can be pulled. */
  registry: Set<string>
  /** What it wants for some of that. */
  guarded: Map<string, Credentials>
}

type Content = Omit<DockerImage, 'tags'> & { parentId: string | undefined }

/** `isUsed`: whether there is a container of the image. */
export function createFakeImages(isUsed: (imageId: string) => boolean): FakeImages {
  const contents = new Map<string, Content>()
  const names = new Map<string, string>()
  const registry = new Set<string>()
  const guarded = new Map<string, Credentials>()

  const tagsOf = (id: string): string[] => [...names].filter(([, named]) => named === id).map(([name]) => name)

  const imageOf = ({ parentId, ...content }: Content): DockerImage => ({ ...content, tags: tagsOf(content.id) })

  const isParent = (id: string) => [...contents.values()].some(({ parentId }) => parentId === id)

  function find(reference: string): DockerImage | undefined {
    const content = contents.get(names.get(withTag(reference)) ?? reference)
    return content && imageOf(content)
  }

  function demandImage(action: string, reference: string): DockerImage {
    requireReference(reference)
    const image = find(reference)
    if (!image) throw new Error(`Docker could not ${action}: No such image: ${withTag(reference)}`)
    return image
  }

  function addImage(reference: string, labels: Record<string, string> = {}, parentId?: string): string {
    const id = `sha256:${randomBytes(32).toString('hex')}`
    contents.set(id, { id, labels, env: {}, bytes: 1024, createdMs: Date.now(), parentId })
    names.set(withTag(reference), id)
    return id
  }

  /** With what it is built on, as far as that has no other use. */
  function drop(id: string): void {
    const parentId = contents.get(id)?.parentId
    contents.delete(id)
    for (const name of tagsOf(id)) names.delete(name)
    const isLeft = parentId !== undefined && tagsOf(parentId).length === 0 && !isParent(parentId) && !isUsed(parentId)
    if (isLeft) drop(parentId)
  }

  function remove(reference: string): boolean {
    const image = find(reference)
    if (!image) return true
    const { id, tags } = image
    const isLast = reference === id || tags.length === 1
    if ((isLast && isUsed(id)) || (reference === id && isParent(id))) return false
    if (reference !== id) names.delete(withTag(reference))
    if (isLast && !isParent(id)) drop(id)
    return true
  }

  return {
    addImage,
    demandImage,
    registry,
    guarded,
    pull: (reference, { credentials }) => {
      requireName(reference)
      if (!registry.has(reference)) throw new Error(`Docker could not pull the image ${reference}: not found`)
      const { username, password } = guarded.get(reference) ?? {}
      if (password !== undefined && (credentials?.username !== username || credentials?.password !== password))
        throw new Error(`Docker could not pull the image ${reference}: unauthorized: authentication required`)
      addImage(reference)
    },
    load: async archive => {
      const archived = await readArchive(archive).catch(thrown => {
        throw new Error(`Docker could not load images: ${String(thrown)}`)
      })
      for (const { references, labels } of archived) for (const name of references) addImage(name, labels)
      return archived.flatMap(({ references }) => references)
    },
    findImage: async reference => find(reference),
    listImages: async labels => [...contents.values()].filter(image => carries(image.labels, labels)).map(imageOf),
    imageDisk: async () => [...contents.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    tagImage: async (reference, target) => {
      requireTag(target)
      names.set(withTag(target), demandImage(`tag the image ${reference}`, reference).id)
    },
    removeImage: async reference => parseReference(reference) === undefined || remove(reference),
  }
}

export const carries = (has: Record<string, string>, wants: Record<string, string>): boolean =>
  Object.entries(wants).every(([name, value]) => has[name] === value)

export const withTag = (reference: string): string =>
  reference.includes(':', reference.lastIndexOf('/') + 1) ? reference : `${reference}:latest`
