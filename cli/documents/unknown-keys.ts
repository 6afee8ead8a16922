/** Owns the keys of a document that its kind does not know: they are passed over, which a typing mistake should not be in silence. */
import type { Field, Model } from '../format/model.ts'
import { nearestOf } from '../parser/edit-distance.ts'
import type { Tree } from './tree.ts'

export interface UnknownKey {
  /** From the document's root, such as `tags[0].lable`. */
  readonly path: string
  /** The known key that it may stand for. */
  readonly near: string | undefined
}

function findInField({ type, many }: Field, tree: Tree, path: string): UnknownKey[] {
  if (typeof type === 'string') return []
  if (!many) return findUnknownKeys(type, tree, path)
  const items = tree.is === 'list' ? tree.items : []
  return items.flatMap((item, index) => findUnknownKeys(type, item, `${path}[${index}]`))
}

/** In the order of the document. What stands below free values is theirs. */
export function findUnknownKeys(model: Model, tree: Tree, path = ''): UnknownKey[] {
  if (tree.is !== 'map') return []
  const names = Object.keys(model)
  return tree.entries.flatMap(([key, value]) => {
    const keyPath = path === '' ? key : `${path}.${key}`
    const field = model[names.find(name => name.toLowerCase() === key.toLowerCase()) ?? '']
    return field ? findInField(field, value, keyPath) : [{ path: keyPath, near: nearestOf(key, names) }]
  })
}

export const renderUnknownKey = ({ path, near }: UnknownKey): string =>
  `unknown key ${JSON.stringify(path)} is ignored${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`}`
