/** Loads the built images into this machine's Docker, those that it does not have yet. */
import { CommandFailed, type Shell } from '../shell.ts'
import { contentLabel, type ImageRecord } from './image-step.ts'

export type Loadable = Pick<ImageRecord, 'tag' | 'content'> & { readonly tar: string }

/** Answers with the tags that were loaded, or undefined where no engine answers. */
export async function loadIntoDocker(images: readonly Loadable[], shell: Shell): Promise<string[] | undefined> {
  const lacking = await findLacking(images, shell)
  for (const { tar } of lacking ?? []) await shell.run(['docker', 'load', '--input', tar])
  return lacking?.map(({ tag }) => tag)
}

/** An image is there when Docker has its tag on the same content. */
async function findLacking(images: readonly Loadable[], shell: Shell): Promise<Loadable[] | undefined> {
  const ask = async ({ tag, content }: Loadable) => {
    const filters = ['--filter', `reference=${tag}`, '--filter', `label=${contentLabel}=${content}`]
    return (await shell.run(['docker', 'image', 'ls', '--quiet', ...filters])).trim()
  }
  try {
    const found = await Promise.all(images.map(ask))
    return images.filter((_, index) => found[index] === '')
  } catch (error) {
    if (error instanceof CommandFailed) return undefined
    throw error
  }
}
