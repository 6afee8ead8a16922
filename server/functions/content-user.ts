/** The Docker images that functions are on: the ContentUser port. */
import type { ContentUser } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import type { Retiring } from './retiring.ts'
import type { FunctionEntity } from './schema.ts'

export interface ContentUserDependencies {
  functions: Pick<Collection<FunctionEntity>, 'list'>
  retiring: Pick<Retiring, 'list'>
}

export const createContentUser = ({ functions, retiring }: ContentUserDependencies): ContentUser => ({
  dockerImages: async () => {
    // Before the store is asked: what is replaced meanwhile is in one of the two.
    const replaced = retiring.list()
    const active = (await functions.list()).flatMap(entity => entity.active ?? [])
    return new Set([...replaced, ...active, ...retiring.list()].map(({ dockerImage }) => dockerImage))
  },
})
