/** Finds the .ova that a bake left last. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export async function findNewestOva(repository: string): Promise<string> {
  const folder = join(repository, 'build/ova')
  const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.ova'))
  const aged = await Promise.all(
    names.map(async name => ({ path: join(folder, name), at: (await stat(join(folder, name))).mtimeMs })),
  )
  const [newest] = aged.sort((a, b) => b.at - a.at)
  if (!newest) throw new Error(`There is no .ova in ${folder}; bake one by \`npm run ova\``)
  return newest.path
}
