/** Gives images their names in Docker and takes them away, so that no content that functions may be on is left without one. */
import type { Docker } from '../docker/port.ts'
import type { ContentNames } from './names.ts'

export interface OwnNames {
  move(dockerImageId: string, name: string): Promise<void>
  remove(name: string): Promise<void>
}

export type NamingDocker = Pick<Docker, 'findImage' | 'tagImage' | 'removeImage'>

export function createOwnNames(docker: NamingDocker, names: ContentNames): OwnNames {
  /** Until a sweep finds that nothing uses it. */
  const keep = async (name: string, exceptId?: string): Promise<void> => {
    const held = await docker.findImage(name)
    if (held?.tags.length === 1 && held.id !== exceptId) await docker.tagImage(held.id, names.kept(held.id))
  }
  return {
    move: async (dockerImageId, name) => {
      await keep(name, dockerImageId)
      await docker.tagImage(dockerImageId, name)
    },
    remove: async name => {
      await keep(name)
      await docker.removeImage(name)
    },
  }
}
