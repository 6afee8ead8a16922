/** Which programs of the runtimes are bundled: each runtime's `main.ts`. Below `server/` as well as `dist/`, without the ending. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export const listRuntimePrograms = (repository: string): string[] =>
  readdirSync(join(repository, 'server/runtimes'))
    .sort()
    .map(folder => `runtimes/${folder}/main`)
    .filter(program => existsSync(join(repository, 'server', `${program}.ts`)))
