/** Decides which Docker images nothing uses any more, of those that this server has made or pulled. Pure. */
import type { DockerImage } from '../docker/port.ts'
import { type ContentNames, familiarName } from './names.ts'

export interface SweepFacts {
  dockerImages: readonly DockerImage[]
  /** Ids of those that images and functions are on. */
  used: ReadonlySet<string>
  /** References of base images. */
  references: readonly string[]
  nowMs: number
}

export interface Unused {
  dockerImage: DockerImage
  /** The names to take away, one after the other; others may have given it more, and then it stays. */
  names: string[]
}

/** Between its build and the record of its image nothing tells that content is used. */
const youngMs = 10_000

export function planSweep({ dockerImages, used, references, nowMs }: SweepFacts, names: ContentNames): Unused[] {
  const wanted = new Set(references.map(familiarName))
  /** What was pulled goes with the mark that says so; the mark stays for as long as a base image has the reference. */
  const isMarkOfWanted = (name: string): boolean => references.some(reference => names.pulled(reference) === name)
  const namesOf = ({ tags }: DockerImage): string[] => {
    const pulled = tags.filter(tag => !wanted.has(tag) && tags.includes(names.pulled(tag)))
    return [...pulled, ...tags.filter(tag => names.isOurs(tag) && !isMarkOfWanted(tag))]
  }
  const idle = dockerImages.filter(({ id, createdMs }) => !used.has(id) && nowMs - createdMs >= youngMs)
  return idle.map(dockerImage => ({ dockerImage, names: namesOf(dockerImage) })).filter(each => each.names.length > 0)
}
