/** Narrows a list to the entities that carry certain tags. */
import type { Tag } from './entity.ts'

const carries = (tags: Tag[], wanted: string): boolean => {
  if (tags.some(({ key }) => key === wanted)) return true
  const cut = wanted.indexOf('=')
  const [key, value] = [wanted.slice(0, cut), wanted.slice(cut + 1)]
  return cut >= 0 && tags.some(tag => tag.key === key && tag.value === value)
}

/** Each wanted one is `key=value`, or `key` for any value of it; the entity must carry all of them. */
export const hasTags = (entity: { tags: Tag[] | null }, wanted: string[]): boolean =>
  wanted.every(each => carries(entity.tags ?? [], each))
