/** Pulls the Docker images of base images: with the credentials that they name, and within limits. */
import { isEntry } from '../core/errors.ts'
import type { SecretReader } from '../core/ports.ts'
import type { Credentials, Docker } from '../docker/port.ts'
import type { BaseImage } from './schema.ts'

export interface PullLimits {
  timeoutMs: number
  /** Of the layers of one image, as they are sent. */
  maxBytes: number
  /** Of the layers of all images on this machine, beyond which nothing more is pulled; 0: any. */
  diskBytes: number
}

export interface PullDependencies {
  docker: Pick<Docker, 'pullImage' | 'imageDisk'>
  secrets: SecretReader
  limits: PullLimits
}

/** Rejects with what is to be said of the base image. */
export type PullBaseImage = (base: Pick<BaseImage, 'org' | 'pullSecret'>, reference: string) => Promise<void>

const mebibyte = 1024 ** 2

export function createPull({ docker, secrets, limits }: PullDependencies): PullBaseImage {
  const { timeoutMs, maxBytes, diskBytes } = limits

  async function checkDisk(): Promise<void> {
    const bytes = diskBytes === 0 ? 0 : await docker.imageDisk()
    if (bytes <= diskBytes) return
    const [used, allowed] = [bytes, diskBytes].map(each => Math.ceil(each / mebibyte))
    throw new Error(
      `the images on this machine need ${used} MiB, and ${allowed} are allowed (image-disk): remove what is not used, with dispatch image prune, or allow more`,
    )
  }

  async function readCredentials(org: string, name: string): Promise<Credentials> {
    const { username, password } = await secrets.read(org, [name]).catch(thrown => {
      if (!isEntry(thrown, 'NOT_FOUND')) throw thrown
      throw new Error(`the secret ${name} of its registry is not there: create it, with the keys username and password`)
    })
    if (username !== undefined && password !== undefined) return { username, password }
    throw new Error(`the secret ${name} of its registry has not both of the keys username and password`)
  }

  return async ({ org, pullSecret }, reference) => {
    await checkDisk()
    const credentials = pullSecret === undefined ? undefined : await readCredentials(org, pullSecret)
    await docker.pullImage(reference, { timeoutMs, maxBytes, credentials })
  }
}
